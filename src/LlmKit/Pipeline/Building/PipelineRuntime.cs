using LlmKit.Calls;
using LlmKit.Internal.Keys;
using LlmKit.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace LlmKit.Pipeline;

/// <summary>A built pipeline's snapshot, replaced as a whole when the configuration changes, and the doors to its models.</summary>
internal sealed class PipelineRuntime : IDisposable
{
    private const int GreatestPriceAge = 180;

    private readonly PipelineRegistration _registration;
    private readonly IConfiguration? _configuration;
    private readonly LlmStageContext _context;
    private readonly ILogger _logger;
    private readonly OpenCalls? _open;
    private readonly KnownModels? _known;
    private readonly Dictionary<string, IChatClient> _branches = new(StringComparer.Ordinal);
    private IReadOnlyList<ModelFacts> _facts = [];
    private Action<LlmCall>[] _opened = [];
    private IDisposable? _reloads;
    private Func<CallIdentity>? _identity;
    private ICallBook? _book;
    private ConstraintBook? _promises;
    private CallSetup? _current;

    public PipelineRuntime(PipelineRegistration registration, IConfiguration? configuration, LlmStageContext context, ILogger logger)
    {
        _registration = registration;
        _configuration = configuration?.GetSection("LlmKit").GetSection(registration.Name);
        _context = context;
        _logger = logger;
        _known = context.Services.GetService<KnownModels>();
        _open = context.Services.GetService<IHostApplicationLifetime>() is null ? null : context.Services.GetService<OpenCalls>();
    }

    public CallSetup Current => Volatile.Read(ref _current)!;

    /// <summary>Gets the catalogue, with the files that override it, as it was last read.</summary>
    public ModelCatalogue Catalogue { get; private set; } = ModelCatalogue.BuiltIn;

    /// <summary>Gets the price of models that have none of their own, as it was last read; <see langword="null"/> for none.</summary>
    public ModelPrice? FallbackPrice { get; private set; }

    /// <summary>Gives the slot of a stage's settings; models come after the stages.</summary>
    public static int SlotOf(int stage) => stage;

    public int SlotOfModel(int model) => _registration.Stages.Count + model;

    public IConfiguration? Section(params string[] path)
    {
        var section = _configuration;
        foreach (var name in path)
            section = section?.GetSection(name);
        return section;
    }

    public IChatClient? FindBranch(string model) => _branches.GetValueOrDefault(model);

    public void AddBranch(string model, IChatClient client) => _branches.Add(model, client);

    /// <summary>Finds models that are configured and that the code does not add.</summary>
    public void CheckConfiguredModels(List<string> failures)
    {
        foreach (var section in Section("Models")?.GetChildren() ?? [])
        {
            if (!_context.Models.Contains(section.Key, StringComparer.OrdinalIgnoreCase) && !_registration.Embeddings.Exists(model => string.Equals(model.Name, section.Key, StringComparison.OrdinalIgnoreCase)))
                failures.Add($"The configuration names the model '{section.Key}', which the code does not add. Add it with AddOpenAIModel, AddAnthropicModel or AddModel, or correct the name.");
        }
    }

    /// <summary>Takes the first snapshot.</summary>
    /// <exception cref="LlmConfigurationException">Something is wrong; the message lists all of it.</exception>
    public void Start(IReadOnlyList<ModelFacts> facts)
    {
        _facts = facts;
        var failures = new List<string>();
        var first = Read(failures);
        if (failures.Count > 0)
            throw new LlmConfigurationException(_registration.Name, failures);
        _current = first;
        foreach (var model in facts)
        {
            if (model.Attempts is { } attempts)
                _known?.Add(_registration.Name, model.Name, attempts);
        }

        WarnOfUnreadSections();
        WarnOfPrices(first);
    }

    /// <summary>Says what stages add to calls, and begins to follow the configuration.</summary>
    public void Follow(Action<LlmCall>[] opened)
    {
        _opened = opened;
        _current = Copy(Current);
        if (_configuration is not null)
            _reloads = ChangeToken.OnChange(_configuration.GetReloadToken, Reload);
    }

    /// <summary>Says which limits on money a call has not got because it was opened, or lost, on the way; <see langword="null"/> for one that came through the pipeline.</summary>
    public MoneyLimitMode? LostLimits(LlmCall? call)
    {
        if (call?.CameThrough(this) == true)
            return null;
        var current = Current;
        var mode = current.Constraints.LimitCost ? MoneyLimitMode.Enforced : MoneyLimitMode.None;
        for (var i = 0; i < _registration.Stages.Count; i++)
        {
            var own = _registration.Stages[i].LostLimit(current.Slots[SlotOf(i)], call);
            if (own > mode)
                mode = own;
        }

        return mode;
    }

    public void Dispose()
    {
        _reloads?.Dispose();
        foreach (var model in _facts)
        {
            if (model.Attempts is { } attempts)
                _known?.Remove(attempts);
        }
    }

    private void Reload()
    {
        var failures = new List<string>();
        var next = ReadSafely(failures);
        if (next is null || failures.Count > 0)
        {
            PipelineLog.ReloadRefused(_logger, _registration.Name, string.Join(" ", failures));
            return;
        }

        Volatile.Write(ref _current, next);
        PipelineLog.Reloaded(_logger, _registration.Name);
    }

    /// <summary>Reads a snapshot on a thread of the configuration's, which no exception may reach.</summary>
    private CallSetup? ReadSafely(List<string> failures)
    {
        try
        {
            CheckConfiguredModels(failures);
            return Read(failures);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            failures.Add($"Reading it threw {exception.GetType().Name}: {exception.Message}");
            return null;
        }
    }

    private CallSetup Read(List<string> failures)
    {
        var constraints = ConstraintSettings.Read(_registration, Section("Constraints"), failures);
        var slots = new object[_registration.Stages.Count + _facts.Count];
        for (var i = 0; i < _registration.Stages.Count; i++)
            slots[SlotOf(i)] = _registration.Stages[i].Prepare(Section(_registration.Stages[i].Name), _context, failures);
        ReadModels(slots, failures);
        if (failures.Count == 0)
            CheckAmongEachOther(slots, failures);
        return Setup(constraints, slots);
    }

    private void ReadModels(object[] slots, List<string> failures)
    {
        try
        {
            Catalogue = _registration.CatalogueFiles.Aggregate(ModelCatalogue.BuiltIn, (catalogue, file) => catalogue.With(file));
            FallbackPrice = FallbackPrices.Read(_registration.FallbackPrice, Section(FallbackPrices.Section), failures);
            for (var i = 0; i < _facts.Count; i++)
                slots[SlotOfModel(i)] = _facts[i].Read(Catalogue, FallbackPrice, failures);
        }
        catch (LlmConfigurationException exception)
        {
            failures.AddRange(exception.Failures);
        }
    }

    private void CheckAmongEachOther(object[] slots, List<string> failures)
    {
        Model[] models = [.. slots.OfType<Model>()];
        for (var i = 0; i < _registration.Stages.Count; i++)
            _registration.Stages[i].CheckAmong(slots[SlotOf(i)], _registration.Stages[..i], models, failures);
    }

    private CallSetup Copy(CallSetup setup) => Setup(setup.Constraints, setup.Slots);

    private CallSetup Setup(ConstraintSet constraints, object[] slots) => new()
    {
        Pipeline = _registration.Name,
        Time = _context.Time,
        Owner = this,
        Open = _open,
        Constraints = constraints,
        Promises = _promises ??= _context.Services.GetService<LlmConstraintSheets>()?.Open(_registration.Name, _context.Time, () => Current.Constraints),
        Identity = _identity ??= _registration.Identity?.Invoke(_context.Services),
        Logger = _logger,
        Slots = slots,
        Models = KeyWriter.KeyOf(slots.OfType<Model>().SelectMany(model => new[] { model.Name, model.Provider, model.ModelId }).Prepend(_registration.Name)),
        Routes = [.. slots.OfType<IRoutePlan>()],
        OnOpened = _opened,
        Book = _book ??= _registration.Book?.Invoke(_context.Services),
    };

    private void WarnOfUnreadSections()
    {
        if (_configuration is null)
            return;
        var known = _registration.Stages.Select(stage => stage.Name).Concat(["Constraints", "Models", FallbackPrices.Section, "SpendingReport"]).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var section in _configuration.GetChildren().Where(section => !known.Contains(section.Key)))
            PipelineLog.UnreadSection(_logger, _registration.Name, section.Key);
    }

    private void WarnOfPrices(CallSetup setup)
    {
        foreach (var model in setup.Slots.OfType<Model>().Where(model => model.HasFallbackPrice))
            PipelineLog.FallbackPriced(_logger, model.Name);
        var today = DateOnly.FromDateTime(_context.Time.GetUtcNow().UtcDateTime);
        foreach (var model in setup.Slots.OfType<Model>())
        {
            if (model.Price?.AsOf is { } asOf && today.DayNumber - asOf.DayNumber > GreatestPriceAge)
                PipelineLog.StalePrice(_logger, model.Name, asOf, GreatestPriceAge);
        }
    }
}
