using LlmKit.Text.Hidden;
using NUnit.Framework;

namespace LlmKit.Tests.Text.Hidden;

public class IgnorableTests
{
    [TestCase('\u200B')]
    [TestCase('\u200D')]
    [TestCase('\u2060')]
    [TestCase('\uFEFF')]
    [TestCase('\u00AD')]
    [TestCase('\u202E')]
    [TestCase('\uFE0F')]
    public void IsIgnorable_InvisibleCharacter_IsTrue(char c) => Assert.That(Ignorable.IsIgnorable(c), Is.True);

    [TestCase('a')]
    [TestCase('\u00E9')]
    [TestCase('\u0436')]
    [TestCase('\u2014')]
    [TestCase('\u4E2D')]
    [TestCase('\uD83D')]
    public void IsIgnorable_VisibleCharacter_IsFalse(char c) => Assert.That(Ignorable.IsIgnorable(c), Is.False);

    [TestCase('\uFF20', '@')]
    [TestCase('\uFF11', '1')]
    [TestCase('\u3000', ' ')]
    [TestCase('\u00A0', ' ')]
    [TestCase('\uFE6B', '@')]
    [TestCase('\u2011', '-')]
    [TestCase('\u0430', '\u0430')]
    [TestCase('@', '@')]
    public void Fold_Character_GivesWhatItIsReadAs(char c, char expected) => Assert.That(Ignorable.Fold(c), Is.EqualTo(expected));

    [Test]
    public void Fold_EveryCharacter_IsStable() => Assert.That(
        Enumerable.Range(0, 0x10000).Select(c => (char)c).Where(c => Ignorable.Fold(Ignorable.Fold(c)) != Ignorable.Fold(c)), Is.Empty);

    [Test]
    public void IndexOfFirst_EveryCharacter_AgreesWithTheClasses() => Assert.That(
        Enumerable.Range(0, 0x10000).Select(c => (char)c)
            .Where(c => Ignorable.IndexOfFirst($"ab{c}") == 2 != (Ignorable.IsIgnorable(c) || Ignorable.Fold(c) != c)),
        Is.Empty);

    [TestCase("plain text, nothing hidden", -1)]
    [TestCase("na\u00EFve \u0436\u0443\u043A \u4E2D\u6587 \u2014 fine", -1)]
    [TestCase("\u0436\u0443\u200B", 2)]
    [TestCase("", -1)]
    public void IndexOfFirst_Text_GivesTheFirst(string text, int expected) =>
        Assert.That(Ignorable.IndexOfFirst(text), Is.EqualTo(expected));

    [TestCase("\uDB40\uDC41", 2)]
    [TestCase("\uDB40", 0)]
    [TestCase("\uDB40a", 0)]
    [TestCase("\u200B", 1)]
    [TestCase("a", 0)]
    public void LengthAt_Start_CountsWholePairs(string text, int expected) =>
        Assert.That(Ignorable.LengthAt(text, 0), Is.EqualTo(expected));
}
