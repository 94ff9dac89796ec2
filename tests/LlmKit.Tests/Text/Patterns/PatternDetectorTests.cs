using LlmKit.Text;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Patterns;

public class PatternDetectorTests
{
    [TestCase(@"\bEMP-[0-9]{6}\b", "by EMP-123456, EMP-1234567 and xEMP-123456", "by [X], EMP-1234567 and xEMP-123456")]
    [TestCase(@"^id: \w+$", "id: a\nno id: b\nid: c", "[X]\nno id: b\n[X]")]
    [TestCase(@"(?<=key )[a-z]+(?= end)", "key abc end, key abc", "key [X] end, key abc")]
    [TestCase(@"(?:[a-z]+\.)+corp", "see a.b.corp here", "see [X] here")]
    [TestCase("q*", "qqq and none", "[X] and none")]
    [TestCase("strasse", "STRASSE", "STRASSE")]
    public void Scan_Pattern_FindsItsMatches(string pattern, string text, string expected) =>
        Assert.That(Redactor(pattern).Redact(text), Is.EqualTo(expected));

    [Test]
    public void Scan_IgnoreCase_IsByTheInvariantCulture() =>
        Assert.That(Redactor("file", new TextPatternOptions { IgnoreCase = true }).Redact("FILE"), Is.EqualTo("[X]"));

    [Test]
    public void Scan_MatchLongerThanTheMost_IsIgnored() =>
        Assert.That(Redactor("a[0-9]+", new TextPatternOptions { MaxLength = 4 }).Redact("a123 a1234"), Is.EqualTo("[X] a1234"));

    [Test]
    public void Scan_MatchFarInALongText_IsFound() =>
        Assert.That(Redactor("EMP-[0-9]{6}").Find(new string('-', 100_000) + "EMP-123456").Single().Start, Is.EqualTo(100_000));

    // The other engine of this runtime gives one match of three here.
    [Test]
    public void Scan_OptionalPrefixThatComesToNothing_LosesNoMatch() =>
        Assert.That(Redactor(@"(?:a\d{1,3} ?)?b\d{3}").Find("a1 e b123 b456 b789"), Has.Count.EqualTo(3));

    [Test]
    public void Append_StartCharactersGiven_HoldsOnlyFromThem()
    {
        var stream = Redactor("EMP-[0-9]{6}", new TextPatternOptions { StartCharacters = "E" }).OpenStream();

        Assert.That(stream.Append("nothing here, and EM"), Is.EqualTo("nothing here, and "));
    }

    [TestCase("(a+)+b")]
    [TestCase("x(?:[a-z]*)*y")]
    [TestCase(@"foo(?:\w+\s?)+!")]
    [TestCase(@"(?:ab|abab)+c")]
    [TestCase(@"(?:\d\d|\d)+z")]
    [TestCase(@"\d+\d+x")]
    [TestCase(@"(\w)\1")]
    [TestCase(@"prefix-(?:[a-z]+-?)+#")]
    [TestCase(@"(")]
    public void Pattern_ThatCanExplode_IsRefused(string pattern) => Assert.That(() => Redactor(pattern), Throws.ArgumentException);

    [TestCase(@"(?:[a-z]{1,20}\.){1,5}corp")]
    [TestCase(@"[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}")]
    [TestCase(@"\b\d{3}-\d{2}-\d{4}\b")]
    [TestCase(@"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")]
    [TestCase(@".*secret.*")]
    public void Pattern_Ordinary_IsTaken(string pattern) => Assert.That(() => Redactor(pattern), Throws.Nothing);

    [TestCase(0)]
    [TestCase(513)]
    public void Pattern_LengthOutOfRange_IsRefused(int length) =>
        Assert.That(() => Redactor("a", new TextPatternOptions { MaxLength = length }), Throws.InstanceOf<ArgumentOutOfRangeException>());

    // A generous limit: the machine that runs the tests may be busy.
    private static TextRedactor Redactor(string pattern, TextPatternOptions? options = null)
    {
        options ??= new TextPatternOptions();
        options.TimeLimit = TimeSpan.FromSeconds(10);
        return new TextRedactor([TextDetectors.Pattern("x", "X", pattern, options)]);
    }
}
