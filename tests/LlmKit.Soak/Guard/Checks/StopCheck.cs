using LlmKit.Soak.Guard.Texts;
using LlmKit.Text;

namespace LlmKit.Soak.Guard.Checks;

/// <summary>From the first match that stops a text on, nothing of it is released, however it is cut.</summary>
internal static class StopCheck
{
    public static void Run(GuardCase one)
    {
        var text = one.Draw(HostileText.Draw(one, 25));
        var redactor = Subjects.Draw(one, stops: true);
        var findings = redactor.Examine(text);
        TextHit? first = findings.Stopping.Count == 0 ? null : findings.Stopping[0];
        var stop = first?.Start;
        var allowed = Allowed(redactor, text, findings, stop);
        for (var times = 0; times < 3; times++)
        {
            var stream = redactor.OpenStream();
            var released = string.Concat(HostileText.Pieces(text, HostileText.Cuts(one, text.Length)).Select(piece => stream.Append(piece.AsSpan()))) + stream.Complete();
            if (stream.HasOverflowed)
                return;
            one.Expect(stream.StoppedBy?.Start == stop, $"the text stops where its first stopping match begins, '{first?.Rule}' and '{stream.StoppedBy?.Rule}'");
            one.Expect(allowed.StartsWith(released, StringComparison.Ordinal), "nothing is released from a stopping match on");
            one.Expect(stop is not null || allowed == released, "a text without a stopping match is released whole");
        }
    }

    private static string Allowed(TextRedactor redactor, string text, TextFindings findings, int? stop)
    {
        if (stop is not { } end)
            return redactor.Replace(text, findings.Replaced, new());
        var straddling = findings.Replaced.Where(hit => hit.Start < end && hit.End > end).Select(hit => (int?)hit.Start).Min();
        end = straddling ?? end;
        return redactor.Replace(text.AsSpan(0, end), [.. findings.Replaced.Where(hit => hit.End <= end)], new());
    }
}
