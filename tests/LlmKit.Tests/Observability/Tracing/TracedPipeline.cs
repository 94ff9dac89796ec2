using LlmKit.Calls;
using LlmKit.Models;
using LlmKit.Observability.Tracing;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Tests.Observability.Tracing;

/// <summary>A traced client, alone or composed, with names that no other test uses.</summary>
internal sealed class TracedPipeline
{
    private static int number;

    public TracedPipeline() => Name = $"p{Interlocked.Increment(ref number)}";

    /// <summary>Gets the name of the pipeline, and the feature and the model's id of its calls.</summary>
    public string Name { get; }

    public ManualTimeProvider Time { get; } = new();

    public ModelPrice? Price { get; init; } = new(inputPerMillion: 1m, outputPerMillion: 10m);

    public Action<TracingOptions>? Options { get; init; }

    public Action<LlmPipelineBuilder>? Stages { get; init; }

    public Action<LlmPipelineBuilder>? Outside { get; init; }

    public Action<IServiceCollection>? Services { get; init; }

    public Dictionary<string, string?> Settings { get; } = [];

    public LlmCallOptions CallOptions => new() { Feature = Name, Tenant = "acme", User = "u42" };

    public ScriptedChatClient Script(params ScriptedAnswer[] answers) =>
        new((number, _) => answers[Math.Min(number, answers.Length - 1)], Time, modelId: Name);

    public IChatClient Build(bool alone, params ScriptedAnswer[] answers) => alone ? Alone(Script(answers)) : Composed(Script(answers));

    public TracingChatClient Alone(IChatClient inner)
    {
        var options = new TracingOptions();
        Options?.Invoke(options);
        return new(inner, options, logger: null, Time);
    }

    public IChatClient Composed(IChatClient model) => Provide(model).GetRequiredKeyedService<IChatClient>(Name);

    /// <summary>Gives the container, for a test that ends it.</summary>
    public ServiceProvider Provide(IChatClient model)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(Time);
        if (Settings.Count > 0)
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());
        Services?.Invoke(services);
        var builder = services.AddLlmPipeline(Name).AddModel("small", model, options => options.Price = Price);
        Outside?.Invoke(builder);
        builder.UseTracing(Options);
        Stages?.Invoke(builder);
        return services.BuildServiceProvider();
    }

    /// <summary>Asks plainly or streamed with a prompt noted.</summary>
    public async Task AskAsync(IChatClient client, bool streamed, LlmPrompt prompt)
    {
        var options = CallOptions.WithPrompt(prompt);
        if (streamed)
            await client.GetStreamingResponseAsync("hello", options).ToChatResponseAsync();
        else
            await client.GetResponseAsync("hello", options);
    }

    /// <summary>Asks plainly or streamed and gives the text; an exception goes through.</summary>
    public async Task<string> AskAsync(IChatClient client, bool streamed, string prompt = "hello", CancellationToken cancellationToken = default)
    {
        if (!streamed)
            return (await client.GetResponseAsync(prompt, CallOptions, cancellationToken)).Text;
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync(prompt, CallOptions, cancellationToken))
            text += update.Text;
        return text;
    }
}
