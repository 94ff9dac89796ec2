using FsCheck;
using FsCheck.Fluent;
using LlmKit.Control.Caching;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Lookup;

public sealed class NormalTextTests
{
    [TestCase("What is VAT?", "what is VAT")]
    [TestCase("  what\tIS \n VAT ?!", "what IS VAT")]
    [TestCase("Ｗｈａｔ is it", "what is it")]
    [TestCase("What’s “It”?", "what's \"It\"")]
    [TestCase("co\u00ADop\u200Berate", "cooperate")]
    [TestCase("WHAT IS IT", "what is it")]
    [TestCase("Ｅ=mc², 10² m", "e=mc², 10² m")]
    public void Of_CarelessSpelling_IsOneForm(string text, string expected) => Assert.That(NormalText.Of(text), Is.EqualTo(expected));

    [TestCase("What do they think of US?", "What do they think of us?")]
    [TestCase("résumé", "resume")]
    [TestCase("say \"No\"", "say \"no\"")]
    [TestCase("is it 1.5", "is it 15")]
    [TestCase("10² m", "102 m")]
    [TestCase("C++ code", "C code")]
    public void Of_WhatCarriesMeaning_StaysApart(string one, string other) => Assert.That(NormalText.Of(one), Is.Not.EqualTo(NormalText.Of(other)));

    [TestCase("")]
    [TestCase(" ?! ")]
    [TestCase("run `ls`")]
    public void Of_TextWithoutAForm_IsNone(string text) => Assert.That(NormalText.Of(text), Is.Null);

    [Test]
    public void Of_HalfOfAPair_IsNone() => Assert.That(NormalText.Of("half " + '\uD83D'), Is.Null);

    [Test]
    public void Of_AnyText_DoesNotDependOnWhatIsAroundIt() =>
        Prop.ForAll(Gen.Choose(0, 0xFFFF).ArrayOf().Select(numbers => new string([.. numbers.Select(number => (char)number)])).ToArbitrary(), text =>
            NormalText.Of($"  {text} .") == NormalText.Of(text)).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
