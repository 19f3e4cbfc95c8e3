"""Whatever is killed in the middle of its work: nothing is lost, nothing is done twice."""
