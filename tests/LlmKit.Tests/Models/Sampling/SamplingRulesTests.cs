using LlmKit.Models;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Models.Sampling;

public sealed class SamplingRulesTests
{
    [TestCase("o1", SamplingParameters.None)]
    [TestCase("o3-mini-2025-01-31", SamplingParameters.None)]
    [TestCase("O4-mini", SamplingParameters.None)]
    [TestCase("gpt-5", SamplingParameters.None)]
    [TestCase("gpt-5.4-nano", SamplingParameters.None)]
    [TestCase("openai/gpt-6-sol", SamplingParameters.None)]
    [TestCase("codex-mini-latest", SamplingParameters.None)]
    [TestCase("gpt-5-chat-latest", SamplingParameters.All)]
    [TestCase("gpt-4.1-2025-04-14", SamplingParameters.All)]
    [TestCase("claude-3-7-sonnet-latest", SamplingParameters.Temperature)]
    [TestCase("claude-opus-4-1", SamplingParameters.Temperature)]
    [TestCase("claude-opus-4-7", SamplingParameters.None)]
    [TestCase("claude-sonnet-5", SamplingParameters.None)]
    [TestCase("claude-sonnet-4-20250514", SamplingParameters.Temperature)]
    [TestCase("claude-haiku-4-8-20260901", SamplingParameters.None)]
    [TestCase("anthropic/claude-opus-4.7", SamplingParameters.None)]
    [TestCase("anthropic/claude-3.5-haiku", SamplingParameters.Temperature)]
    [TestCase("us.anthropic.claude-opus-4-7-20260416-v1:0", SamplingParameters.None)]
    [TestCase("anthropic.claude-3-5-sonnet-20241022-v2:0", SamplingParameters.Temperature)]
    [TestCase("llama-3.3-70b", SamplingParameters.All)]
    [TestCase("", SamplingParameters.All)]
    public void SamplingParameters_OfAModelById_AreThoseThatItTakes(string modelId, SamplingParameters expected)
    {
        using var host = PipelineHost.For(new ScriptedChatClient((_, _) => ScriptedAnswer.Text("Paris"), modelId: modelId));

        Assert.That(host.Chat.GetService<Model>()!.SamplingParameters, Is.EqualTo(expected));
    }
}
