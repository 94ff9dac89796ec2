using System.Numerics.Tensors;
using FsCheck;
using FsCheck.Fluent;
using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Control.Caching.Lexical;

public sealed class LexicalEmbeddingGeneratorTests
{
    private readonly LexicalEmbeddingGenerator _embedder = new();

    [TestCase("How do I reset my password?", "how can i reset the password", 0.9)]
    [TestCase("Change the delivery address", "change the delivery addresses!", 0.9)]
    [TestCase("ＲＥＳＥＴ　ＩＴ", "reset it", 0.999)]
    [TestCase("東京の天気", "東京の天気は", 0.8)]
    public async Task GenerateAsync_NearlyTheSameWording_IsNear(string one, string other, double atLeast) =>
        Assert.That(await SimilarityAsync(one, other), Is.GreaterThanOrEqualTo(atLeast));

    [TestCase("How do I reset my password?", "What does the parcel cost?")]
    [TestCase("How can I get slimmer?", "What helps to lose weight?")]
    public async Task GenerateAsync_OtherWording_IsFar(string one, string other) =>
        Assert.That(await SimilarityAsync(one, other), Is.LessThan(0.4));

    [Test]
    public async Task GenerateAsync_OtherOrder_IsHardlySeen() =>
        Assert.That(await SimilarityAsync("the doctor thanked the nurse", "the nurse thanked the doctor"), Is.GreaterThan(0.8));

    [TestCase("")]
    [TestCase(" \n\t")]
    public async Task GenerateAsync_NoSign_IsZero(string text) =>
        Assert.That((await VectorAsync(text)).Span.ContainsAnyExcept(0f), Is.False);

    [TestCase("?!")]
    [TestCase("\ud800")]
    [TestCase("😀")]
    [TestCase("a")]
    [TestCase("\u0000")]
    [TestCase("مرحبا بالعالم")]
    public async Task GenerateAsync_OddText_HasADirection(string text) =>
        Assert.That(TensorPrimitives.Norm((await VectorAsync(text)).Span), Is.EqualTo(1).Within(1e-5));

    [Test]
    public void GenerateAsync_AnyText_IsOfLengthOneOrZero() => Prop.ForAll<string?>(text =>
    {
        var norm = TensorPrimitives.Norm(_embedder.GenerateAsync([text ?? ""]).Result[0].Vector.Span);
        return norm == 0 || Math.Abs(norm - 1) < 1e-4;
    }).QuickCheckThrowOnFailure();

    // Another process and another machine must find the same places: vectors are kept.
    [Test]
    public async Task GenerateAsync_ThreeWords_GivesTheVectorThatIsWrittenHere()
    {
        var vector = (await VectorAsync("INVOICE 4711 paid")).ToArray();

        var places = vector.Index().OrderByDescending(place => Math.Abs(place.Item)).Take(3).Select(place => $"{place.Index}{(place.Item < 0 ? '-' : '+')}");

        Assert.That(places.Order(StringComparer.Ordinal), Is.EqualTo(["138-", "31+", "391-"]));
    }

    [Test]
    public async Task GenerateAsync_EightThousandCharacters_AreEmbedded()
    {
        foreach (var text in new[] { new string('x', 8_000), string.Concat(Enumerable.Repeat("é ", 4_000)), string.Concat(Enumerable.Repeat("😀", 4_000)) })
            Assert.That(TensorPrimitives.Norm((await VectorAsync(text)).Span), Is.EqualTo(1).Within(1e-4));
    }

    [Test]
    public async Task GenerateAsync_ManyThreads_GiveTheSame()
    {
        var expected = (await VectorAsync("How do I reset my password?")).ToArray();

        Parallel.For(0, 64, _ => Assert.That(_embedder.GenerateAsync(["How do I reset my password?"]).Result[0].Vector.ToArray(), Is.EqualTo(expected)));
    }

    [Test]
    public void GenerateAsync_NullTextOrOtherDimensions_AreRefused()
    {
        Assert.That(async () => await _embedder.GenerateAsync([null!]), Throws.ArgumentException);
        Assert.That(async () => await _embedder.GenerateAsync(null!), Throws.ArgumentNullException);
        Assert.That(async () => await _embedder.GenerateAsync(["a"], new() { Dimensions = 256 }), Throws.ArgumentException.With.Message.Contains("256"));
        Assert.That(async () => await _embedder.GenerateAsync(["a"], cancellationToken: new(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void GetService_WhatItDeclares_IsThere()
    {
        var metadata = _embedder.GetService<EmbeddingGeneratorMetadata>()!;

        Assert.That((metadata.ProviderName, metadata.DefaultModelId, metadata.DefaultModelDimensions), Is.EqualTo(("llmkit", "lexical-1", 1024)));
        Assert.That(_embedder.GetService<DeclaredSimilarity>(), Has.Property("IgnoresWordOrder").True.And.Property("MinSimilarity").InRange(0.96, 0.99).And.Property("Basis").Not.Null);
        Assert.That(_embedder.GetService<ModelPrice>(), Is.EqualTo(ModelPrice.Free));
        Assert.That(_embedder.GetService<LexicalEmbeddingGenerator>(), Is.SameAs(_embedder));
        Assert.That(_embedder.GetService(typeof(DeclaredSimilarity), "key"), Is.Null);
    }

    [Test]
    public async Task Embedder_OfACacheUnderABudget_CostsNothing()
    {
        using var rig = new BudgetRig(builder => builder
            .AddPriced("model", new ScriptedChatClient(ScriptedAnswer.Text("paid")))
            .UseBudget(budget => budget.Global("all", 30, BudgetWindow.Lifetime))
            .UseSemanticCache(cache => (cache.Embedder, cache.MinSimilarity) = (_embedder, 0.98)));

        var asked = await rig.AskAsync(streamed: false);

        var embedding = asked.Call!.Attempts.Single(attempt => attempt.Purpose == "embedding");
        Assert.That((embedding.Failure, embedding.Cost), Is.EqualTo(((ModelFailure?)null, 0m)));
        Assert.That(rig.Spent("all"), Is.EqualTo(11m));
    }

    private async Task<ReadOnlyMemory<float>> VectorAsync(string text) => (await _embedder.GenerateAsync([text]))[0].Vector;

    private async Task<float> SimilarityAsync(string one, string other)
    {
        var (first, second) = (await VectorAsync(one), await VectorAsync(other));
        return TensorPrimitives.Dot(first.Span, second.Span);
    }
}
