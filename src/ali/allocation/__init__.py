"""Where people meet homes: criteria, rounds solved by the engine, shortlists for one bed, proposals and their three
signatures. The prefecture puts forward, the body that has the home answers, the household answers: only then a placement."""
