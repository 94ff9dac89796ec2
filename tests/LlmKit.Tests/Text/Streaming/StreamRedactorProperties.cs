using FsCheck;
using FsCheck.Fluent;
using LlmKit.Text;
using LlmKit.Text.Leaks;
using LlmKit.Text.Locales;
using LlmKit.Text.Streaming;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Streaming;

public class StreamRedactorProperties
{
    // Enough for matches that cross each other; longer texts are the fuzz's.
    private const int MostFragments = 36;

    private static readonly ISpanDetector[] s_detectors =
    [
        .. TextDetectors.PersonalData, TextDetectors.Secrets, TextDetectors.Terms(["blue falcon", "blue falcon nine", "the"]),
        TextDetectors.HiddenText, TextDetectors.MacAddress, TextDetectors.Url, TextDetectors.Date,
        TextDetectors.Identifier("MEMBER_ID", new IdentifierRule("MK~#{4,8}") { Context = ["member"] }, new IdentifierRule("@{7}")),
        new PromptLeakDetector([StreamTexts.Confidential], words: 4), Canary.For("test").Detector,
        TextDetectors.Encoded(TextDetectors.Email), TextDetectors.Exfiltration("ok.test"),
        TextDetectors.Pattern("ticket", "TICKET", @"\b(?:fal|x|brown)[ -]{0,2}[0-9a-z]{1,6}\b(?!\s*@)", new TextPatternOptions { MaxLength = 24, StartCharacters = "fxb", TimeLimit = TimeSpan.FromSeconds(10) }),
        TextDetectors.Pattern("number", "NUMBER", "3\\.[0-9]{1,4}$", new TextPatternOptions { MaxLength = 8, TimeLimit = TimeSpan.FromSeconds(10) }),
    ];

    private static readonly ISpanDetector[] s_national = [.. TextDetectors.Locales.SelectMany(TextDetectors.Locale)];

    private static readonly TextRedactor s_all = new(s_detectors);
    private static readonly TextRedactor[] s_alone = [.. s_detectors.Select(detector => new TextRedactor([detector]))];
    private static readonly TextRedactor s_low = new([.. s_detectors, .. s_national], new TextRedactorOptions { MinScore = DetectionScore.Low });
    private static readonly TextRedactor s_stopping = TextRedactor.Of(
        s_detectors.Select((detector, index) => new TextRule(detector, index % 3 == 0 ? null : RedactionStyle.Label)), new TextRedactorOptions());

    private static readonly TextRedactor s_short = new(s_detectors, new TextRedactorOptions { MaxHoldback = 128 });

    [Test]
    public void Append_AnyChunking_EqualsTheWhole() => Check(3000, sample =>
    {
        var stream = s_all.OpenStream();
        var released = Run(stream, sample.Text, sample.Cuts);
        return stream.HasOverflowed || released == s_all.Redact(sample.Text);
    });

    [Test]
    public void Append_NationalIdentifiersInAnyChunking_EqualTheWhole() => Check(300, sample =>
    {
        var stream = s_low.OpenStream();
        var released = Run(stream, sample.Text, sample.Cuts);
        return stream.HasOverflowed || released == s_low.Redact(sample.Text);
    });

    [Test]
    public void Append_AnyChunking_FindsWhatTheWholeHas() => Check(500, sample =>
    {
        var stream = s_all.OpenStream();
        Run(stream, sample.Text, sample.Cuts);
        return stream.HasOverflowed || stream.Hits.SequenceEqual(s_all.Find(sample.Text));
    });

    [Test]
    public void Find_AnyText_CoversWhatEachDetectorFindsAlone() => Check(300, sample =>
    {
        var found = s_all.Find(sample.Text);
        return s_alone.SelectMany(alone => alone.Find(sample.Text)).All(hit => found.Any(one => one.Start <= hit.Start && hit.End <= one.End));
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
    public void EarliestOpen_LongerText_NeverFallsBack() => Check(100, sample => s_detectors.Concat(s_national).All(detector =>
    {
        var least = 0;
        var text = sample.Text[..Math.Min(300, sample.Text.Length)];
        for (var length = 1; length <= text.Length; length++)
        {
            var open = detector.EarliestOpen(text.AsSpan(0, length), 0);
            if (open < least)
                return false;
            least = open;
        }

        return true;
    }));

    [Test]
    public void Append_AnyChunkingWithRulesThatStop_ReleasesWhatStandsBeforeTheFirst() => Check(3000, sample =>
    {
        var stream = s_stopping.OpenStream();
        var released = Run(stream, sample.Text, sample.Cuts);
        var whole = s_stopping.OpenStream();
        var all = Run(whole, sample.Text, [int.MaxValue]);
        var stops = s_stopping.Examine(sample.Text).Stopping;
        return stream.HasOverflowed || whole.HasOverflowed || (released == all && stream.StoppedBy?.Start == (stops.Count == 0 ? null : stops[0].Start));
    });

    [Test]
    public void Append_TextWithInvisibleCharactersBetweenItsLetters_FindsWhatIsSeen() => Check(2000, sample =>
    {
        // A text that is sure to hold no match of its own beside the one that is taken apart.
        var hidden = string.Join('\u200B', "jane@example.com".ToCharArray());
        var text = $"x {hidden} y";
        return s_all.Redact(text) == "x [EMAIL] y" && Run(s_all.OpenStream(), text, sample.Cuts) == "x [EMAIL] y";
    });

    private static string Run(StreamRedactor stream, string text, int[] cuts) =>
        string.Concat(StreamTexts.Pieces(text, cuts).Select(piece => stream.Append(piece))) + stream.Complete();

    private static void Check(int cases, Func<(string Text, int[] Cuts), bool> holds) =>
        Prop.ForAll(StreamTexts.Cut(), holds).Check(Config.QuickThrowOnFailure.WithMaxTest(cases).WithEndSize(MostFragments));
}
