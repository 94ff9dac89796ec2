using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Guards;

/// <summary>What holds of any two texts, whatever stands in them.</summary>
public class GuardProperties
{
    private static readonly string[] s_pieces =
    [
        "not", "II", "1,000", "-5", "$", "€50", "5GB", "\"", "`", "from", "to", "than", "no", "more", "one", "million", "#", "++", ".", "'s", "n't", "\ud800", "\udc00", "😀", "\u0000", "\u200f",
        "שלום", "مرحبا", "東京", "を", "สวัสดี", "٣", "ﬃ", "e\u0301", "iPhone", "v1.2", "a.b.c", "by", "was", "loved", "Paris", "and", ",", "\n", "99999999999999999999999999999999", "billion", " ",
    ];

    private static readonly CacheGuards[] s_modes = Enum.GetValues<CacheGuards>();

    private static Gen<string> Texts => Gen.OneOf(
        Gen.Elements(s_pieces).ListOf().Select(pieces => string.Join(' ', pieces)),
        Gen.Elements(s_pieces).ListOf().Select(pieces => string.Concat(pieces)),
        Gen.Choose(0, char.MaxValue).ListOf().Select(codes => new string([.. codes.Select(code => (char)code)])));

    [Test]
    public void Veto_TheSameText_ForbidsNothing() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Texts.ToArbitrary(), text => s_modes.All(mode => GuardSet.Veto(TextFacets.Of(text), TextFacets.Of(text), mode, wordOrderMatters: true) is null)));

    [Test]
    public void Veto_TwoTexts_IsTheSameBothWays() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Texts.ToArbitrary(), Texts.ToArbitrary(), (one, other) =>
        {
            var (a, b) = (TextFacets.Of(one), TextFacets.Of(other));
            return s_modes.All(mode => (GuardSet.Veto(a, b, mode, wordOrderMatters: true) is null) == (GuardSet.Veto(b, a, mode, wordOrderMatters: true) is null));
        }));

    [Test]
    public void Read_WhatWasWritten_IsTheSame() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(1_000),
        Prop.ForAll(Texts.ToArbitrary(), text =>
        {
            var facets = TextFacets.Of(text);
            var read = FacetFiles.Read(FacetFiles.Write(facets));
            return read.Traits == facets.Traits && Enum.GetValues<FacetPart>().All(part => read[part].SequenceEqual(facets[part]));
        }));

    [TestCase("")]
    [TestCase("'")]
    [TestCase("# ++ -- ..")]
    [TestCase("\"unclosed")]
    [TestCase("999999999999999999999999999999999999999999")]
    [TestCase("\ud800")]
    [TestCase("😀😀 🎉")]
    [TestCase("كيف أعيد تعيين كلمة المرور؟")]
    public void Of_OddText_IsEqualToItselfAndUnlikeAQuestion(string text)
    {
        Assert.That(GuardSet.Veto(TextFacets.Of(text), TextFacets.Of(text), CacheGuards.Strict), Is.Null);
        Assert.That(GuardSet.Veto(TextFacets.Of(text), TextFacets.Of("How do I reset my password?"), CacheGuards.Balanced), Is.Not.Null);
    }

    [TestCase('a')]
    [TestCase('7')]
    [TestCase('東')]
    [TestCase('"')]
    [TestCase('\u0301')]
    public void Of_EightThousandCharacters_EndsSoon(char character)
    {
        foreach (var text in new[] { new string(character, 8_000), string.Concat(Enumerable.Repeat($"{character} ", 4_000)), string.Concat(Enumerable.Range(0, 1_300).Select(i => $"{character}x{i} ")) })
        {
            var facets = TextFacets.Of(text);
            Assert.That(GuardSet.Veto(facets, TextFacets.Of(text), CacheGuards.Strict, wordOrderMatters: true), Is.Null);
            Assert.That(GuardSet.Veto(facets, TextFacets.Of(text + " not 5"), CacheGuards.Balanced), Is.Not.Null);
        }
    }
}
