using LlmKit.Orchestration.Routing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;

namespace LlmKit.Tests.Support;

/// <summary>Routers that stand alone.</summary>
internal static class Routers
{
    public static RouterChatClient Alone(params (string Name, IChatClient Client)[] models) => Alone(options: null, models);

    public static RouterChatClient Alone(RouterOptions? options, params (string Name, IChatClient Client)[] models) =>
        new([.. models.Select(model => KeyValuePair.Create(model.Name, model.Client))], options, new ManualTimeProvider());

    /// <summary>A metered model that stands alone.</summary>
    public static IChatClient Metered(string name, IChatClient client, Action<ModelOptions>? more = null) => LlmStages.Model(name, options =>
    {
        options.Price = BudgetRig.DollarPerToken;
        more?.Invoke(options);
    })(client, null!);
}
