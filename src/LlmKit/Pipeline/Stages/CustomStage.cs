using LlmKit.Calls;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;

namespace LlmKit.Pipeline;

/// <summary>Somebody else's decorator.</summary>
internal sealed class CustomStage(Func<IChatClient, LlmStageContext, IChatClient> factory) : StageDescriptor
{
    private static readonly object NoSettings = new();

    public override object Prepare(IConfiguration? section, LlmStageContext context, List<string> failures) => NoSettings;

    public override IChatClient Wrap(IChatClient inner, Func<CallSetup> current, int slot, LlmStageContext context) =>
        factory(inner, context) ?? throw new LlmConfigurationException(
            context.Pipeline, ["A factory given to Use(…) returned null. Return the decorator, or the inner client to add none."]);
}
