using NUnit.Framework;

namespace LlmKit.Tests.Models.Limits;

public sealed class ProviderLimitsTests
{
    [Test]
    public void Read_OpenAIsHeaders_GivesRequestsAndTokens()
    {
        var read = Read(("x-ratelimit-remaining-requests", "59"), ("x-ratelimit-remaining-tokens", "149984"));

        Assert.That(read, Is.EqualTo(new ProviderLimits { Requests = 59, Tokens = 149_984 }));
    }

    [Test]
    public void Read_AnthropicsHeaders_GivesEachSide()
    {
        var read = Read(("anthropic-ratelimit-requests-remaining", "4"), ("anthropic-ratelimit-input-tokens-remaining", "30000"), ("anthropic-ratelimit-output-tokens-remaining", "8000"), ("anthropic-ratelimit-tokens-remaining", "38000"));

        Assert.That(read, Is.EqualTo(new ProviderLimits { Requests = 4, InputTokens = 30_000, OutputTokens = 8_000, Tokens = 38_000 }));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("-1")]
    [TestCase("many")]
    [TestCase("1e9")]
    [TestCase("99999999999999999999999")]
    public void Read_WhatCannotBeRead_SaysNothing(string? value) => Assert.That(Read(("x-ratelimit-remaining-requests", value)), Is.Null);

    private static ProviderLimits? Read(params (string Name, string? Value)[] headers) => ProviderLimits.Read(name => headers.FirstOrDefault(header => header.Name == name).Value);
}
