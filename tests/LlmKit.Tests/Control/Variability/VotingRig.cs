using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Tests.Control.Variability;

/// <summary>A pipeline whose feature "triage" is answered by votes of one model; a stronger one stands by.</summary>
internal sealed class VotingRig : IDisposable
{
    public VotingRig(Func<int, ScriptedAnswer> samples, Action<ConsistentFeature> configure, bool cached, Action<LlmPipelineBuilder>? more, string? allowed)
    {
        Model = new((number, _) => samples(number), Clock);
        Host = new(builder =>
        {
            builder.AddModel("model", Model, options => options.Price = new(1_000_000, 1_000_000));
            builder.AddModel("strong", new ScriptedChatClient(ScriptedAnswer.Text("from strong")), options => options.Price = new(1_000_000, 1_000_000));
            if (cached)
                builder.UseSemanticCache();
            builder.UseVariability(options => options.Consistent("triage", configure)).UseRouter(router =>
            {
                if (allowed is not null)
                    router.AllowedModels = new Dictionary<string, IReadOnlyList<string>> { ["acme"] = [allowed] };
            });
            more?.Invoke(builder);
        }, services => services.AddSingleton<TimeProvider>(Clock));
    }

    public ManualTimeProvider Clock { get; } = new();

    public ScriptedChatClient Model { get; }

    public PipelineHost Host { get; }

    public void Dispose() => Host.Dispose();
}
