"""One person's way to autonomy. So far: the ties a person can count on and the courses followed, which feed the gaps
«rete» and «italiano»; assessment, plan and follow-up come with their issue."""
