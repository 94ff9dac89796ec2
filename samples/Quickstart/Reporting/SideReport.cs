namespace Quickstart;

/// <summary>What one side of the comparison came to.</summary>
internal sealed record SideReport
{
    public required int Requests { get; init; }

    public required int Answered { get; init; }

    /// <summary>Answers that are another's, or obey an injection, or are cut and passed off as whole.</summary>
    public required int Wrong { get; init; }

    public required int Failed { get; init; }

    public required int AskedAgain { get; init; }

    public required int Blocked { get; init; }

    public required int Refused { get; init; }

    public required int LeaksToProvider { get; init; }

    public required int LeaksToOthers { get; init; }

    /// <summary>The provider's own bill, in USD; nothing when the provider is real.</summary>
    public required decimal? Bill { get; init; }

    public required double TotalP50 { get; init; }

    public required double TotalP95 { get; init; }

    public required double FirstContentP50 { get; init; }

    public required double FirstContentP95 { get; init; }

    public int Leaks => LeaksToProvider + LeaksToOthers;

    public decimal? BillPerAnswer => Answered == 0 ? null : Bill / Answered;

    public static SideReport Of(IReadOnlyList<Served> served, IReadOnlyList<Verdict> verdicts, LeakCheck leaks, IEnumerable<string> received, decimal? bill)
    {
        var totals = Sorted(served.Select(one => one.Total));
        var first = Sorted(served.Select(one => one.FirstContent).OfType<TimeSpan>());
        return new()
        {
            Requests = served.Count,
            Answered = served.Where((one, index) => verdicts[index] == Verdict.Right).Count(),
            Wrong = verdicts.Count(verdict => verdict is Verdict.Wrong or Verdict.Obeyed or Verdict.CutPassedOffAsGood),
            Failed = served.Where((one, index) => IsFailure(one, verdicts[index])).Count(),
            AskedAgain = served.Count(one => one.AskedAgain),
            Blocked = verdicts.Count(verdict => verdict == Verdict.Blocked),
            Refused = verdicts.Count(verdict => verdict == Verdict.Refused),
            LeaksToProvider = leaks.InBodies(received).Count,
            LeaksToOthers = leaks.InAnswers(served.Select(one => one.Answer)).Count,
            Bill = bill,
            TotalP50 = Percentile(totals, 0.50),
            TotalP95 = Percentile(totals, 0.95),
            FirstContentP50 = Percentile(first, 0.50),
            FirstContentP95 = Percentile(first, 0.95),
        };
    }

    /// <summary>The caller got no whole answer, and not because a rule of his own stopped it.</summary>
    private static bool IsFailure(Served served, Verdict verdict) =>
        verdict is Verdict.Failed or Verdict.CutButFlagged
        || (verdict is Verdict.Blocked or Verdict.Refused && !AnswerJudge.IsGood(served.Answer.Request, verdict));

    private static double[] Sorted(IEnumerable<TimeSpan> times) => [.. times.Select(time => time.TotalMilliseconds).Order()];

    private static double Percentile(double[] sorted, double share) =>
        sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(share * sorted.Length) - 1)];
}
