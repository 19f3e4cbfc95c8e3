"""One file per question, each printing figures beside a peer or a limit."""
