using LlmKit.Text;

namespace LlmKit.Control.Guardrails;

/// <summary>Asks guards about one text: the cheap ones at once, then the judges.</summary>
internal sealed class GuardRunner(RailContext context)
{
    // Lets pass what was not evaluated; on record already, and not to be taken for an evaluation.
    private static readonly GuardVerdict Passed = GuardVerdict.Flag(GuardrailTelemetry.NotEvaluated);

    /// <summary>Asks the guards of a rail.</summary>
    /// <returns>The text that may pass, or what blocks it.</returns>
    public async ValueTask<GuardedText> RunAsync(IReadOnlyList<GuardRule> guards, Rail rail, string text, bool isPartial, CancellationToken cancellationToken)
    {
        var guarded = new GuardedText(text, null);
        string? changedBy = null;
        foreach (var tier in guards.GroupBy(guard => guard.IsJudge).OrderBy(tier => tier.Key))
        {
            guarded = await RunTierAsync([.. tier], rail, guarded.Text, isPartial, cancellationToken).ConfigureAwait(false);
            changedBy ??= guarded.ChangedBy;
            if (guarded.BlockedBy is not null)
                break;
        }

        return guarded with { ChangedBy = changedBy };
    }

    private async ValueTask<GuardedText> RunTierAsync(GuardRule[] guards, Rail rail, string text, bool isPartial, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var asked = Array.ConvertAll(guards, guard => AskAsync(guard, rail, text, isPartial, stop));
        var verdicts = await Task.WhenAll(asked).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        string? blockedBy = null;
        List<GuardRule> changing = [];
        for (var i = 0; i < guards.Length; i++)
        {
            Record(guards[i], rail, verdicts[i]);
            if (guards[i].Observed)
                continue;
            if (verdicts[i].Kind == RailVerdict.Block)
                blockedBy ??= guards[i].Guard.Name;
            else if (verdicts[i].Kind is RailVerdict.Redact or RailVerdict.Rewrite)
                changing.Add(guards[i]);
        }

        if (blockedBy is not null || changing.Count == 0)
            return new(text, blockedBy);
        return await ChangeAsync(changing, verdicts[Array.IndexOf(guards, changing[0])], rail, text, isPartial, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Applies the first guard's change, and asks the others that would change the text again about what it is now.</summary>
    private async ValueTask<GuardedText> ChangeAsync(
        List<GuardRule> guards, GuardVerdict first, Rail rail, string text, bool isPartial, CancellationToken cancellationToken)
    {
        text = Apply(first, rail, text);
        for (var i = 1; i < guards.Count; i++)
        {
            var verdict = await AskAsync(guards[i], rail, text, isPartial, null, cancellationToken).ConfigureAwait(false);
            Record(guards[i], rail, verdict);
            // What it wanted changed is not known to be gone.
            if (verdict.Kind == RailVerdict.Block || ReferenceEquals(verdict, Passed))
                return new(text, guards[i].Guard.Name);
            text = Apply(verdict, rail, text);
        }

        return new(text, null, guards[0].Guard.Name);
    }

    private string Apply(GuardVerdict verdict, Rail rail, string text)
    {
        switch (verdict.Kind)
        {
            case RailVerdict.Rewrite:
                return verdict.Text!;
            case RailVerdict.Redact:
                List<TextHit> hits = [.. verdict.Spans.Where(span => span.Length > 0 && span.Start >= 0 && span.Start + span.Length <= text.Length)
                    .Select(span => new TextHit("guard", span.Kind ?? TextSpan.NoKind, span.Start, span.Length, DetectionScore.High) { Owner = TextRedactor.Nobody })];
                HitMerger.Merge(hits);
                return context.Replace(rail, text, hits);
            default:
                return text;
        }
    }

    private Task<GuardVerdict> AskAsync(GuardRule rule, Rail rail, string text, bool isPartial, CancellationTokenSource stop) =>
        AskAsync(rule, rail, text, isPartial, stop, stop.Token);

    private async Task<GuardVerdict> AskAsync(GuardRule rule, Rail rail, string text, bool isPartial, CancellationTokenSource? stop, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(rule.Options.TimeLimit, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var input = new GuardInput(rail, text, context.Call) { Conversation = context.Messages, GetModel = context.GetModel, IsPartial = isPartial };
            var verdict = await rule.Guard.EvaluateAsync(input, either.Token).AsTask().WaitAsync(either.Token).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The guard gave no verdict.");
            if (verdict.Kind == RailVerdict.Redact && verdict.Spans.Any(span => span.Length <= 0 || span.Start < 0 || span.Start > text.Length - span.Length))
                throw new InvalidOperationException("The guard gave a span outside the text.");
            if (verdict.Kind == RailVerdict.Block && !rule.Observed && stop is not null)
                await stop.CancelAsync().ConfigureAwait(false);
            return verdict;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The caller left, or another guard has blocked: nobody waits for this one.
            return GuardVerdict.Allow;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return Failed(rule, rail, exception);
        }
    }

    private GuardVerdict Failed(GuardRule rule, Rail rail, Exception exception)
    {
        var blocks = rule.Options.WhenFailing == GuardFailure.Block;
        context.Findings.AddFailure(rail, rule.Guard.Name, exception, blocks, rule.Observed);
        return blocks ? GuardVerdict.Block(GuardrailTelemetry.NotEvaluated) : Passed;
    }

    private void Record(GuardRule rule, Rail rail, GuardVerdict verdict)
    {
        // A failure is on record already.
        if (verdict.Kind == RailVerdict.Allow || ReferenceEquals(verdict.Rule, GuardrailTelemetry.NotEvaluated))
            return;
        context.Findings.Add(new(rail, verdict.Kind, rule.Guard.Name, rule.Observed)
        {
            Reason = verdict.Rule,
            Score = verdict.Score,
            Spans = [.. verdict.Spans.Select(span => new RailSpan(0, span.Start, span.Length))],
        });
    }
}
