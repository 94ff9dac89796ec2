using FsCheck;
using FsCheck.Fluent;
using LlmKit.Text;
using LlmKit.Text.Streaming;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Streaming;

public class StreamRedactorProperties
{
    private static readonly ISpanDetector[] s_detectors =
        [.. TextDetectors.PersonalData, TextDetectors.Secrets, TextDetectors.Terms(["blue falcon", "blue falcon nine", "the"])];

    private static readonly TextRedactor s_all = new(s_detectors);
    private static readonly TextRedactor s_short = new(s_detectors, new TextRedactorOptions { MaxHoldback = 128 });

    [Test]
    public void Append_AnyChunking_EqualsTheWhole() => Check(5000, sample =>
    {
        var stream = s_all.OpenStream();
        var released = Run(stream, sample.Text, sample.Cuts);
        return stream.HasOverflowed || released == s_all.Redact(sample.Text);
    });

    [Test]
    public void Append_AnyChunking_FindsWhatTheWholeHas() => Check(500, sample =>
    {
        var stream = s_all.OpenStream();
        Run(stream, sample.Text, sample.Cuts);
        return stream.HasOverflowed || stream.Hits.SequenceEqual(s_all.Find(sample.Text));
    });

    [Test]
    public void Append_OverflowingHold_DoesNotDependOnTheChunking() => Check(2000, sample =>
        Run(s_short.OpenStream(), sample.Text, sample.Cuts) == Run(s_short.OpenStream(), sample.Text, [int.MaxValue]));

    [Test]
    public void Append_EveryPrefix_IsAPrefixOfTheRedactedWhole() => Check(500, sample =>
    {
        var stream = s_all.OpenStream();
        var whole = s_all.Redact(sample.Text);
        var released = string.Empty;
        foreach (var piece in StreamTexts.Pieces(sample.Text, sample.Cuts))
        {
            released += stream.Append(piece);
            if (!stream.HasOverflowed && !whole.StartsWith(released, StringComparison.Ordinal))
                return false;
        }

        return true;
    });

    [Test]
    public void Append_AnyText_HoldsNoMoreThanItMay() => Check(500, sample =>
    {
        var stream = s_short.OpenStream();
        return StreamTexts.Pieces(sample.Text, sample.Cuts).All(piece => stream.Append(piece) is not null && stream.Held <= 128);
    });

    [Test]
    public void EarliestOpen_LongerText_NeverFallsBack() => Check(200, sample => s_detectors.All(detector =>
    {
        var least = 0;
        var text = sample.Text[..Math.Min(400, sample.Text.Length)];
        for (var length = 1; length <= text.Length; length++)
        {
            var open = detector.EarliestOpen(text.AsSpan(0, length), 0);
            if (open < least)
                return false;
            least = open;
        }

        return true;
    }));

    private static string Run(StreamRedactor stream, string text, int[] cuts) =>
        string.Concat(StreamTexts.Pieces(text, cuts).Select(piece => stream.Append(piece))) + stream.Complete();

    private static void Check(int cases, Func<(string Text, int[] Cuts), bool> holds) =>
        Prop.ForAll(StreamTexts.Cut(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(cases));
}
