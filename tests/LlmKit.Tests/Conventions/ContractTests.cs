using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Conventions;

/// <summary>Promises that hold for every type, so that no single test can say them.</summary>
public sealed class ContractTests
{
    [Test]
    public void Exceptions_OfOurs_DeriveFromOne() => Assert.That(
        typeof(LlmException).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Exception)) && !typeof(LlmException).IsAssignableFrom(type)),
        Is.Empty);

    [Test]
    public void Calls_BelowTheRoot_AreNeverFoundByTheAsynchronousContext() => Assert.That(
        Repository.Sources("src/LlmKit").Where(file => file.Text.Contains("AsyncLocal<", StringComparison.Ordinal)).Select(file => file.Path),
        // A cassette stands beyond the edge, in the provider's place: it finds no call, only the name that a test gave its worker.
        // An agent stands around calls, as its span does: where there is no span, they are counted by what is under way.
        Is.EquivalentTo(["src/LlmKit/Calls/Identity/LlmScope.cs", "src/LlmKit/Observability/Replay/CassetteScopes.cs", "src/LlmKit/Observability/Tracing/Scopes/TraceScope.cs"]));

    [Test]
    public void Scope_OfTheCaller_IsReadWhereACallOpensOnly() => Assert.That(
        Repository.Sources("src/LlmKit").Where(file => file.Text.Contains("LlmScope.Current", StringComparison.Ordinal)).Select(file => file.Path),
        // The span of a tool or a retrieval stands in no call: whose it is, only the scope around it says.
        Is.EquivalentTo(["src/LlmKit/Calls/Lifetime/CallRunner.cs", "src/LlmKit/Calls/StageChatClient.cs", "src/LlmKit/Observability/Traces/Recording/SpanRecorder.cs"]));
}
