using LlmKit.Internal.Hedging;
using LlmKit.Tests.Support;
using Microsoft.Extensions.AI;
using NUnit.Framework;

namespace LlmKit.Tests.Internal.Hedging;

public sealed class HedgeMarkTests
{
    private static readonly ChatOptions[] Kinds =
        [new LlmCallOptions { Tenant = "acme" }, new ChatOptions(), new ChatOptions { AdditionalProperties = new() { ["theirs"] = 1 } }, new ForeignOptions { AdditionalProperties = new() { ["theirs"] = 1 } }];

    [TestCaseSource(nameof(Kinds))]
    public void Set_OptionsOfAnyClass_MarksTheCopyOnly(ChatOptions options)
    {
        var marked = HedgeMark.Set(options);

        Assert.That(HedgeMark.IsOn(marked), Is.True);
        Assert.That(HedgeMark.IsOn(options), Is.False);
        Assert.That(HedgeMark.IsOn(marked.Clone()), Is.True);
        Assert.That(marked.GetType(), Is.EqualTo(options.GetType()));
    }
}
