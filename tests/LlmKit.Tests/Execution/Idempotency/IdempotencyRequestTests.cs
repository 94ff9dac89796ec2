using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Execution.Idempotency;

/// <summary>What makes a request under a key the same one: tools that the provider runs, foreign options.</summary>
[TestFixture(false)]
[TestFixture(true)]
public sealed class IdempotencyRequestTests(bool streamed)
{
    private static readonly AITool[][] HostedTools =
    [
        [new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("one")] }, new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("other")] }],
        [new HostedFileSearchTool { MaximumResultCount = 1 }, new HostedFileSearchTool { MaximumResultCount = 2 }],
        [new HostedCodeInterpreterTool { Inputs = [new HostedFileContent("one")] }, new HostedCodeInterpreterTool { Inputs = [new HostedFileContent("other")] }],
        [new HostedMcpServerTool("shop", "https://one.example"), new HostedMcpServerTool("shop", "https://other.example")],
        [new HostedMcpServerTool("shop", "https://one.example"), new HostedMcpServerTool("mall", "https://one.example")],
        [Shop(tool => tool.ServerDescription = "one"), Shop(tool => tool.ServerDescription = "other")],
        [Shop(tool => tool.AllowedTools = ["search"]), Shop(tool => tool.AllowedTools = ["search", "buy"])],
        [Shop(tool => tool.AllowedTools = []), Shop(_ => { })],
        [Shop(tool => tool.ApprovalMode = HostedMcpServerToolApprovalMode.NeverRequire), Shop(tool => tool.ApprovalMode = HostedMcpServerToolApprovalMode.AlwaysRequire)],
        [Shop(Approving("buy")), Shop(Approving("sell"))],
        [Shop(tool => tool.Headers = new Dictionary<string, string> { ["region"] = "eu" }), Shop(tool => tool.Headers = new Dictionary<string, string> { ["region"] = "us" })],
        [new HostedImageGenerationTool { Options = new() { Count = 1 } }, new HostedImageGenerationTool { Options = new() { Count = 2 } }],
    ];

    [Test]
    public async Task Ask_OtherMemberOfAHostedToolUnderTheKey_IsAnError([Range(0, 11)] int pair)
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed, With(HostedTools[pair][0]));

        var again = await rig.AskAsync(streamed, With(HostedTools[pair][0]));
        var other = await rig.AskAsync(streamed, With(HostedTools[pair][1]));

        Assert.That(again.Text, Is.EqualTo("answer 0"));
        Assert.That(other.Error, Is.TypeOf<IdempotencyConflictException>());
    }

    [Test]
    public async Task Ask_OptionsOfAForeignClassUnderTheKey_AreComparedInWhatIsKnownOfThem()
    {
        using var rig = IdempotencyRig.Numbering();
        await rig.AskAsync(streamed, Foreign("one", limit: 20));

        var ownMember = await rig.AskAsync(streamed, Foreign("other", limit: 20));
        var known = await rig.AskAsync(streamed, Foreign("one", limit: 30));
        var otherClass = await rig.AskAsync(streamed, new ChatOptions { MaxOutputTokens = 20, AdditionalProperties = Foreign("one", limit: 20).AdditionalProperties });

        Assert.That(ownMember.Text, Is.EqualTo("answer 0"), "it cannot be read");
        Assert.That(new[] { known.Error, otherClass.Error }, Has.All.TypeOf<IdempotencyConflictException>());
    }

    private static HostedMcpServerTool Shop(Action<HostedMcpServerTool> change)
    {
        var tool = new HostedMcpServerTool("shop", "https://one.example");
        change(tool);
        return tool;
    }

    private static Action<HostedMcpServerTool> Approving(string tool) => shop => shop.ApprovalMode = HostedMcpServerToolApprovalMode.RequireSpecific([tool], null);

    private static LlmCallOptions With(AITool tool)
    {
        var options = IdempotencyRig.Keyed();
        options.Tools = [tool];
        return options;
    }

    private static ForeignOptions Foreign(string secret, int limit) =>
        new() { Secret = secret, MaxOutputTokens = limit, AdditionalProperties = new() { ["llmkit.tenant"] = "acme", ["llmkit.idempotency_key"] = "order-7" } };
}
