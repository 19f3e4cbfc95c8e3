"""Planning: forecast, staffing and rosters of a queue, said in what they do to waits."""
