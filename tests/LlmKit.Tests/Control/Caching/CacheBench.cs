using LlmKit.Calls;
using LlmKit.Control.Caching;
using LlmKit.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit.Tests.Control.Caching;

/// <summary>A cache under test, alone or in a pipeline, over a scripted model and a clock that stands still.</summary>
internal sealed class CacheBench
{
    public CacheBench(bool composed, Action<SemanticCacheOptions>? configure = null, ScriptedChatClient? model = null, ManualTimeProvider? time = null, Func<IChatClient, IChatClient>? inside = null, IDistributedCache? distributed = null, bool salted = false)
    {
        Time = time ?? new();
        Model = model ?? new((number, _) => ScriptedAnswer.Text("answer ", $"{number}"), Time);
        Client = composed ? Compose(configure, inside ?? (client => client), distributed, salted) : Alone(configure, inside ?? (client => client));
        Cache = (SemanticCacheChatClient)Client.GetService(typeof(SemanticCacheChatClient))!;
    }

    public ManualTimeProvider Time { get; }

    public ScriptedChatClient Model { get; }

    public IChatClient Client { get; }

    public SemanticCacheChatClient Cache { get; }

    /// <summary>Gets where users' feedback goes; it reaches a cache in a pipeline.</summary>
    public LlmFeedback Feedback { get; private set; } = new();

    /// <summary>Gets the cache as whoever looks after it sees it.</summary>
    public LlmCache Upkeep => Client.GetService<LlmCache>()!;

    public int Asked => Model.Requests.Count;

    /// <summary>Asks as a user would, and gives the answer's text and its call, whichever way it came.</summary>
    public async Task<(string Text, LlmCall Call)> AskAsync(string question, bool streamed = false, LlmCallOptions? options = null) =>
        await AskAsync([new(ChatRole.User, question)], streamed, options);

    public async Task<(string Text, LlmCall Call)> AskAsync(ChatMessage[] messages, bool streamed = false, ChatOptions? options = null)
    {
        if (!streamed)
        {
            var response = await Client.GetResponseAsync(messages, options);
            return (response.Text, response.GetCall());
        }

        var text = "";
        LlmCall? call = null;
        await foreach (var update in Client.GetStreamingResponseAsync(messages, options))
        {
            text += update.Text;
            call = update.GetCall() ?? call;
        }

        return (text, call!);
    }

    public static CacheStep Step(LlmCall call) => call.Steps.OfType<CacheStep>().First(step => !step.Observed);

    private IChatClient Compose(Action<SemanticCacheOptions>? configure, Func<IChatClient, IChatClient> inside, IDistributedCache? distributed, bool salted)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new Random(1));
        if (distributed is not null)
            services.AddSingleton(distributed);
        var builder = services.AddLlmPipeline().AddModel("small", Model);
        if (salted)
            builder.Use(client => new SaltingChatClient(client));
        builder.UseSemanticCache(configure).Use(inside);
        var provider = services.BuildServiceProvider();
        Feedback = provider.GetRequiredService<LlmFeedback>();
        return provider.GetRequiredService<IChatClient>();
    }

    private SemanticCacheChatClient Alone(Action<SemanticCacheOptions>? configure, Func<IChatClient, IChatClient> inside)
    {
        var options = new SemanticCacheOptions();
        configure?.Invoke(options);
        return new(inside(Model), options, time: Time, random: new(1));
    }

    /// <summary>Says that something was removed from every request, as rails do.</summary>
    private sealed class SaltingChatClient(IChatClient inner) : DelegatingChatClient(inner)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetResponseAsync(messages, Salted(options), cancellationToken);

        public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            base.GetStreamingResponseAsync(messages, Salted(options), cancellationToken);

        private static ChatOptions? Salted(ChatOptions? options)
        {
            LlmCall.TryGet(options, out var call);
            call!.AddSalt([1, 2, 3]);
            return options;
        }
    }
}
