"""When each target was reached: an interval, for a model is only known at its evaluations."""


def targets(run, air):
    """The targets as the run judged them, with the bytes that had been spent when each was reached."""
    spent = cumulative_bytes(run.rounds, air)
    return [target | {"bytes": spent_at(run.rounds, spent, target["round"])} for target in judged(run)]


def judged(run):
    """What the run wrote. While it runs it has not judged yet: done here, from the rounds so far."""
    written = run.meta.get("targets")
    if isinstance(written, list) and written:
        keys = ("target", "split", "reached", "after_s", "by_s", "round")
        return [{key: target.get(key) for key in keys} for target in written]
    scenario = run.meta.get("scenario")
    evaluation = scenario.get("evaluation") if isinstance(scenario, dict) else None
    if run.meta.get("status") != "running" or not isinstance(evaluation, dict):
        return []
    split = "test" if evaluation.get("split") == "test" else "validation"
    return [judge(run.rounds, target, split) for target in evaluation.get("targets") or []]


def judge(rounds, target, split):
    result = {
        "target": target,
        "split": split,
        "reached": False,
        "after_s": None,
        "by_s": None,
        "round": None,
    }
    evaluated = rounds.dropna(subset=[f"{split}_accuracy"]).sort_values("round")
    for row in evaluated.itertuples():
        if getattr(row, f"{split}_accuracy") >= target:
            return result | {"reached": True, "by_s": row.simulated_s, "round": row.round}
        result["after_s"] = row.simulated_s
    return result


def spent_at(rounds, spent, number):
    at = rounds["round"] == number
    return float(spent[at].iloc[0]) if spent is not None and at.any() else None


def cumulative_bytes(rounds, air):
    """Bytes up and down from the first round to the end of each; None where not modelled."""
    columns = [f"up_{air}_bytes", f"down_{air}_bytes"]
    complete = len(rounds) > 0 and rounds[columns].notna().all(axis=None)
    return rounds[columns].sum(axis=1).cumsum() if complete else None
