from tests.rules.url_examples import Example

EXAMPLES = {
    "account_logout": Example(post={}),
    "accounts:switch_role": Example(post={"grant": "altro"}),
}
