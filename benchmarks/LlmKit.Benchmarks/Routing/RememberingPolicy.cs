using LlmKit.Benchmarks.Inputs;
using LlmKit.Orchestration.Routing.Policies;
using Microsoft.Extensions.AI;

namespace LlmKit.Benchmarks.Routing;

/// <summary>Asks each model in turn and remembers the last request as the router gave it: of a real call, to models with prices that have answered before.</summary>
internal sealed class RememberingPolicy : RoutingPolicy
{
    public static readonly string[] Models = [Pipelines.Model, Pipelines.OtherModel, "third", "fourth"];

    private readonly RoutingPolicy _turns = RoutingPolicies.RoundRobin();
    private RoutingRequest? _last;

    public override string Name => "remembering";

    /// <summary>Gives a request with a prompt to four models.</summary>
    public static RoutingRequest Request(string prompt)
    {
        var policy = new RememberingPolicy();
        using var client = Pipelines.Build(
            pipeline =>
            {
                foreach (var name in Models.Skip(2))
                    pipeline.AddModel(name, new InstantChatClient(), options => options.Price = new(0.3m, 1.2m));
                pipeline.UseRouter(router => router.Use(policy));
            },
            models: 2);
        foreach (var _ in Models)
            client.GetResponseAsync(new ChatMessage(ChatRole.User, prompt), Conversation.Options).GetAwaiter().GetResult();
        return policy._last!;
    }

    public override RoutingChoice Choose(RoutingRequest context)
    {
        _last = context;
        return _turns.Choose(context);
    }
}
