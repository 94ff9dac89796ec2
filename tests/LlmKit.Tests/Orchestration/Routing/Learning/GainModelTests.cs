using System.Text;
using LlmKit.Orchestration.Routing.Evaluation;
using LlmKit.Orchestration.Routing.Learning;
using NUnit.Framework;

namespace LlmKit.Tests.Orchestration.Routing.Learning;

public sealed class GainModelTests
{
    private const string Hard = "Prove that the harbour has 12 parts.";
    private const string Easy = "Name the harbour number 12 again.";

    [Test]
    public void FitPrompts_FewExamples_GoByLengthAndSaySo()
    {
        var model = GainModel.FitPrompts(RoutingExamples.Draw(GainModel.LeastExamples - 1));

        Assert.That((model.Basis, model.Examples, model.ReadsDrafts), Is.EqualTo((GainBasis.Length, GainModel.LeastExamples - 1, false)));
        Assert.That(model.Predict("a longer prompt"), Is.GreaterThan(model.Predict("a prompt")));
        Assert.That(model.Predict(new string('a', 1_000_000)), Is.InRange(0, 1));
    }

    [Test]
    public void FitPrompts_EnoughExamples_LearnTheWordsThatTell()
    {
        var model = GainModel.FitPrompts(RoutingExamples.Draw(400));

        Assert.That(model.Basis, Is.EqualTo(GainBasis.Learned));
        Assert.That(model.Predict(Hard), Is.GreaterThan(0.5));
        Assert.That(model.Predict(Easy), Is.LessThan(0.2));
    }

    [Test]
    public void FitPrompts_ACallSiteThatTells_IsLearned()
    {
        var examples = RoutingExamples.Draw(400).Select((example, index) => new RoutingExample("The same question each time?")
        {
            CallSite = index % 2 == 0 ? "law" : "faq",
            Weak = index % 2 == 0 ? 0 : 1,
            Strong = 1,
        });

        var model = GainModel.FitPrompts(examples);

        Assert.That(model.Predict("The same question each time?", "law") - model.Predict("The same question each time?", "faq"), Is.GreaterThan(0.5));
    }

    [Test]
    public void FitPrompts_AnswersThatNobodyScored_CountAsUnknownAndNotAsWrong()
    {
        var examples = RoutingExamples.Draw(400).SelectMany(example => new[] { example, new RoutingExample(Easy), new RoutingExample(Easy) { Strong = 1 } });

        var model = GainModel.FitPrompts(examples);

        Assert.That(model.Examples, Is.EqualTo(800));
        Assert.That(model.Predict(Easy), Is.LessThan(0.2));
    }

    [Test]
    public void FitPrompts_OneAnswerEach_LearnsWithTheirPropensities()
    {
        var chance = new Random(3);
        var examples = RoutingExamples.Draw(2_000, seed: 2).Select(example => chance.NextDouble() < 0.25
            ? example with { Weak = null, Propensity = 0.25 }
            : example with { Strong = null, Propensity = 0.75 });

        var model = GainModel.FitPrompts(examples);

        Assert.That(model.Basis, Is.EqualTo(GainBasis.Learned));
        Assert.That(model.Predict(Hard) - model.Predict(Easy), Is.GreaterThan(0.4));
    }

    [Test]
    public void FitPrompts_OneAnswerEach_TakesTwiceAsManyOfEachModel()
    {
        Assert.That(GainModel.FitPrompts(WordyExamples.Draw((4 * GainModel.LeastExamples) - 1, seed: 1, oneSided: true)), Has.Property("Basis").EqualTo(GainBasis.Length).And.Property("CountedExamples").EqualTo(GainModel.LeastExamples - 1));
        Assert.That(GainModel.FitPrompts(WordyExamples.Draw(4 * GainModel.LeastExamples, seed: 1, oneSided: true)), Has.Property("Basis").EqualTo(GainBasis.Learned).And.Property("CountedExamples").EqualTo(GainModel.LeastExamples));
        Assert.That(GainModel.FitPrompts(WordyExamples.Draw(GainModel.LeastExamples, seed: 1, oneSided: false)).Basis, Is.EqualTo(GainBasis.Learned));
    }

    [Test]
    public void FitPrompts_OneAnswerEachAtTheLeastSize_BeatsLength()
    {
        double[] leads = [.. Enumerable.Range(1, 12).Select(seed =>
        {
            var model = GainModel.FitPrompts(WordyExamples.Draw(4 * GainModel.LeastExamples, seed, oneSided: true));
            var unseen = WordyExamples.Draw(2_000, seed + 100, oneSided: false);
            return Apgr(unseen, example => model.Predict(example.Prompt)) - Apgr(unseen, example => example.Prompt.Length);
        })];

        Assert.That(leads.Average(), Is.GreaterThan(0.02));
        Assert.That(leads.Count(lead => lead > 0), Is.GreaterThanOrEqualTo(11));

        static double Apgr(List<RoutingExample> unseen, Func<RoutingExample, double> score) =>
            CostQualityCurve.Of(unseen.Select(example => new ScoredOutcome(score(example), example.Weak!.Value, example.Strong!.Value))).Apgr!.Value;
    }

    [Test]
    public void FitDrafts_DraftsThatTell_AreLearned()
    {
        var examples = RoutingExamples.Draw(400).Select(example => new RoutingExample("How many parts?") { Draft = example.Draft, Weak = example.Weak, Strong = 1 });

        var model = GainModel.FitDrafts(examples);

        Assert.That(model.ReadsDrafts, Is.True);
        Assert.That(model.Predict("How many parts?", draft: "It has 7 x 3 = 20 parts") - model.Predict("How many parts?", draft: "It is number 40."), Is.GreaterThan(0.4));
    }

    [Test]
    public void FitPrompts_TheSameExamples_GiveTheSameVersionAndOthersAnother()
    {
        var model = GainModel.FitPrompts(RoutingExamples.Draw(400));

        Assert.That(GainModel.FitPrompts(RoutingExamples.Draw(400)).Version, Is.EqualTo(model.Version));
        Assert.That(GainModel.FitPrompts(RoutingExamples.Draw(401)).Version, Is.Not.EqualTo(model.Version));
    }

    [TestCase(-0.1, 1)]
    [TestCase(1.1, 1)]
    [TestCase(double.NaN, 1)]
    [TestCase(1, 0)]
    [TestCase(1, 1.5)]
    [TestCase(1, double.NaN)]
    public void FitPrompts_AScoreOrPropensityOutOfRange_IsRefused(double weak, double propensity) =>
        Assert.That(() => GainModel.FitPrompts([new("A prompt") { Weak = weak, Propensity = propensity }]), Throws.ArgumentException.With.Message.Contains("example"));

    [Test]
    public void Predict_Anything_DoesNotThrow([Values("", " ", "\n\n", "\uD800", "1,2.3.", "=", "((((((((((((((((((((((((=4", "####", "$")] string text)
    {
        var model = GainModel.FitDrafts(RoutingExamples.Draw(400));

        Assert.That(model.Predict(text, text, text), Is.InRange(-1, 1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void Load_WhatWasSaved_PredictsTheSame(bool withDrafts)
    {
        var model = withDrafts ? GainModel.FitDrafts(RoutingExamples.Draw(400)) : GainModel.FitPrompts(RoutingExamples.Draw(400));

        var loaded = GainModelFile.Load(Saved(model));

        Assert.That((loaded.Version, loaded.Basis, loaded.Examples, loaded.ReadsDrafts), Is.EqualTo((model.Version, model.Basis, model.Examples, model.ReadsDrafts)));
        Assert.That(loaded.Predict(Hard, "law", "It has 3 x 4 = 15 parts"), Is.EqualTo(model.Predict(Hard, "law", "It has 3 x 4 = 15 parts")));
    }

    [Test]
    public void Load_AModelByLength_IsOneAgain()
    {
        var loaded = GainModelFile.Load(Saved(GainModel.FitPrompts([])));

        Assert.That((loaded.Basis, loaded.Examples), Is.EqualTo((GainBasis.Length, 0)));
    }

    [TestCase("")]
    [TestCase("null")]
    [TestCase("[]")]
    [TestCase("not JSON")]
    [TestCase("""{"format":2,"version":"a","examples":1,"weak":"","strong":""}""")]
    [TestCase("""{"format":1,"version":"a","examples":1,"weak":"","strong":""}""")]
    [TestCase("""{"format":1,"version":"a","examples":1,"weak":"AAAA","strong":"AAAA"}""")]
    [TestCase("""{"format":1,"version":"a","examples":1,"prompt":{"means":[1],"deviations":[1]},"weak":"","strong":""}""")]
    public void Load_SomethingElse_SaysWhatIsWrong(string file) =>
        Assert.That(() => GainModelFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(file))), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("gain model"));

    [Test]
    public void Load_ADamagedFile_IsRefused()
    {
        var saved = Encoding.UTF8.GetString(Saved(GainModel.FitPrompts(RoutingExamples.Draw(400))).ToArray());
        var weights = saved.IndexOf("\"weak\":\"", StringComparison.Ordinal) + 400;
        var damaged = saved[..weights] + (saved[weights] == 'B' ? 'C' : 'B') + saved[(weights + 1)..];

        Assert.That(() => GainModelFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(damaged))), Throws.InstanceOf<InvalidDataException>().With.Message.Contains("version"));
    }

    private static MemoryStream Saved(GainModel model)
    {
        var stream = new MemoryStream();
        model.Save(stream);
        stream.Position = 0;
        return stream;
    }
}
