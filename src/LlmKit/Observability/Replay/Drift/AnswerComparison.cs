namespace LlmKit.Observability.Replay;

/// <summary>Says how far one answer is from another.</summary>
internal static class AnswerComparison
{
    public static DriftLevel LevelOf(AnswerView recorded, AnswerView live)
    {
        if (recorded.Finish != live.Finish)
            return DriftLevel.Outcome;
        if (!recorded.ToolCalls.SequenceEqual(live.ToolCalls))
            return DriftLevel.ToolCalls;
        if (recorded.Text == live.Text)
            return DriftLevel.None;
        if (recorded.Json is { } one && live.Json is { } other)
            return one == other ? DriftLevel.Formatting : AnswerView.ShapeOf(one) == AnswerView.ShapeOf(other) ? DriftLevel.Wording : DriftLevel.Structure;
        if (recorded.Json is not null || live.Json is not null)
            return DriftLevel.Structure;
        return recorded.Normalized == live.Normalized ? DriftLevel.Formatting : DriftLevel.Wording;
    }

    /// <summary>Gives by which share of the recorded tokens the tokens changed.</summary>
    public static double? UsageChange(long? recorded, long? live) => recorded > 0 && live is { } tokens ? (double)(tokens - recorded.Value) / recorded.Value : null;
}
