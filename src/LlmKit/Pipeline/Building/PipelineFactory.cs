using LlmKit.Calls;
using LlmKit.Internal;
using LlmKit.Internal.RateLimiting;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmKit.Pipeline;

/// <summary>Builds a pipeline once: clients and edges, the stages of each model, the router, the shared stages, the root.</summary>
internal sealed class PipelineFactory
{
    [ThreadStatic]
    private static HashSet<PipelineRegistration>? building;

    private readonly PipelineRegistration _registration;
    private readonly IServiceProvider _services;
    private readonly ILogger _logger;
    private readonly List<ModelRegistration<IChatClient>> _models;
    private readonly PipelineRuntime _runtime;
    private readonly LlmStageContext _context;
    private readonly EmbeddingDoors _embeddings = new();
    private readonly List<Action<LlmCall>> _opened = [];
    private readonly List<ModelFacts> _facts = [];
    private readonly List<ModelEdge> _edges = [];
    private readonly List<IChatClient> _outermost = [];
    private readonly ProviderState _state = new();
    private readonly MoneyLimits _limits;
    private readonly ModelLimiter _limiter;

    private PipelineFactory(PipelineRegistration registration, IServiceProvider services)
    {
        _registration = registration;
        _services = services;
        _logger = services.GetService<ILoggerFactory>()?.CreateLogger("LlmKit.Pipeline") ?? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;
        _models = TakenOverModel.Add(registration);
        _limits = new(_logger);
        _limiter = new(services.GetRequiredService<RateLimiter>(), registration.Name);
        PipelineRuntime? runtime = null;
        _context = new(services, registration.Name, modelName: null, [.. _models.Select(model => model.Name)], name => new ModelDoor(() => runtime!.FindBranch(name)!), _embeddings.Find);
        _runtime = runtime = new(registration, services.GetService<IConfiguration>(), _context, _logger);
        _limits.Add(_runtime.LostLimits);
    }

    public static IChatClient Build(PipelineRegistration registration, IServiceProvider services)
    {
        building ??= [];
        if (!building.Add(registration))
            throw BuildingServices.NeedsItself(registration);
        var guarded = new BuildingServices(services, registration);
        try
        {
            return new PipelineFactory(registration, guarded).Build();
        }
        finally
        {
            building.Remove(registration);
            guarded.EndBuilding();
        }
    }

    private PipelineChatClient Build()
    {
        CheckStructure();
        _registration.IsBuilt = true;
        try
        {
            CreateEdges();
            _runtime.Start(_facts);
            _embeddings.Fallback = OwnEmbeddings;
            var root = Compose();
            _runtime.Follow([.. Enumerable.Reverse(_opened)]);
            return new(root, _runtime, _embeddings, _limits);
        }
        catch
        {
            DisposeOfParts();
            throw;
        }
    }

    private void CreateEdges()
    {
        foreach (var model in _models)
        {
            var client = CreateModel(model);
            var facts = new StageSettings<Model>(() => _runtime.Current, _runtime.SlotOfModel(_edges.Count));
            var pipeline = client.GetService<PipelineChatClient>();
            pipeline?.Limits.Add(_runtime.LostLimits);
            _edges.Add(new(client, facts, _state, model.IsOwned) { Limits = _limits, Limiter = _limiter, Beyond = pipeline?.Limits });
        }

        for (var i = 0; i < _registration.Embeddings.Count; i++)
        {
            var model = _registration.Embeddings[i];
            var facts = new StageSettings<Model>(() => _runtime.Current, _runtime.SlotOfModel(_models.Count + i));
            _embeddings.Add(model.Name, new EmbeddingEdge(CreateEmbeddings(model), facts, model.IsOwned) { Limits = _limits, Limiter = _limiter });
        }
    }

    /// <summary>The application's own generator, where the pipeline has none: behind an edge like any other, and never disposed of here.</summary>
    private EmbeddingEdge? OwnEmbeddings()
    {
        if (_services.GetService<IEmbeddingGenerator<string, Embedding<float>>>() is not { } generator)
            return null;
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();
        var model = new Model("embeddings", new(), _runtime.Catalogue.Find(metadata?.DefaultModelId), metadata?.ProviderName, metadata?.DefaultModelId, _runtime.FallbackPrice);
        return new(generator, new(model), ownsGenerator: false) { Limits = _limits, Limiter = _limiter };
    }

    /// <summary>Disposes of what a failed build leaves: stages and the clients that factories made.</summary>
    private void DisposeOfParts()
    {
        _runtime.Dispose();
        foreach (var part in _outermost)
            part.Dispose();
        foreach (var edge in _edges)
            edge.Dispose();
        _embeddings.DisposeAll();
    }

    private void CheckStructure()
    {
        var failures = new List<string>();
        var warnings = new List<string>();
        if (_models.Count == 0)
            failures.Add("It has no model. Add one with AddOpenAIModel, AddAnthropicModel or AddModel.");
        if (_registration.TakenOver is not null && _registration.Models.Count > 0)
            failures.Add("An IChatClient was registered before AddLlmPipeline() and models were added as well. Keep the registration, which becomes the model, or remove it and add it with AddModel.");
        foreach (var twice in _models.Select(model => model.Name).Concat(_registration.Embeddings.Select(model => model.Name)).GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
            failures.Add($"Two models have the name '{twice.Key}', and configuration does not tell upper case from lower. Give each its own.");
        if (_models.Count > 1 && !_registration.Stages.Exists(stage => stage.IsFork))
            failures.Add("It has several models and no router. Add UseRouter, or keep one model.");
        StageOrder.Check(_registration.Stages, failures, warnings);
        _runtime.CheckConfiguredModels(failures);
        if (failures.Count > 0)
            throw new LlmConfigurationException(_registration.Name, failures);
        foreach (var warning in warnings)
            PipelineLog.Order(_logger, _registration.Name, warning);
    }

    private IChatClient CreateModel(ModelRegistration<IChatClient> model)
    {
        var client = model.Create(FirstOptions(model), _services) ?? throw new LlmConfigurationException(_registration.Name, [$"The factory of the model '{model.Name}' returned null. Return a chat client."]);
        var metadata = client.GetService<ChatClientMetadata>();
        var isPipeline = client.GetService<PipelineChatClient>() is not null;
        _facts.Add(new(failures => model.ReadOptions(_runtime.Section("Models", model.Name), failures), model.Name, metadata?.ProviderName, metadata?.DefaultModelId)
        {
            IsPipeline = isPipeline,
            Attempts = isPipeline ? null : new(_context.Time),
        });
        return client;
    }

    private IEmbeddingGenerator<string, Embedding<float>> CreateEmbeddings(ModelRegistration<IEmbeddingGenerator<string, Embedding<float>>> model)
    {
        var generator = model.Create(FirstOptions(model), _services) ?? throw new LlmConfigurationException(_registration.Name, [$"The factory of the embedding model '{model.Name}' returned null. Return a generator."]);
        var metadata = generator.GetService<EmbeddingGeneratorMetadata>();
        _facts.Add(new(failures => model.ReadOptions(_runtime.Section("Models", model.Name), failures), model.Name, metadata?.ProviderName, metadata?.DefaultModelId));
        return generator;
    }

    private ModelOptions FirstOptions<TClient>(ModelRegistration<TClient> model)
    {
        var failures = new List<string>();
        var options = model.ReadOptions(_runtime.Section("Models", model.Name), failures);
        return failures.Count > 0 ? throw new LlmConfigurationException(_registration.Name, failures) : options;
    }

    private IChatClient Compose()
    {
        var stages = _registration.Stages;
        var fork = stages.FindIndex(stage => stage.IsFork);
        var branches = new List<ModelBranch>();
        for (var i = 0; i < _edges.Count; i++)
        {
            var name = _models[i].Name;
            var client = fork < 0 ? _edges[i] : Wrap(_edges[i], stages.Count - 1, fork + 1, _context.ForModel(name));
            branches.Add(new(name, client, new(() => _runtime.Current, _runtime.SlotOfModel(i))));
            _runtime.AddBranch(name, client);
        }

        if (fork < 0)
            return Wrap(branches[0].Client, stages.Count - 1, 0, _context);
        var router = stages[fork].Fork(branches, () => _runtime.Current, PipelineRuntime.SlotOf(fork), _context);
        _outermost.Clear();
        _outermost.Add(router);
        return Wrap(router, fork - 1, 0, _context);
    }

    private IChatClient Wrap(IChatClient client, int innermost, int outermost, LlmStageContext context)
    {
        for (var i = innermost; i >= outermost; i--)
        {
            var stage = _registration.Stages[i];
            var wrapped = stage.Wrap(client, () => _runtime.Current, PipelineRuntime.SlotOf(i), context);
            _outermost.Remove(client);
            _outermost.Add(client = wrapped);
            if (stage.OnOpened(client) is { } opened)
                _opened.Add(opened);
        }

        return client;
    }
}
