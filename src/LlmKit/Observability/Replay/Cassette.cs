using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

/// <summary>Recorded requests and answers of models, in one file: tests run without a provider, in the same way every time.</summary>
/// <remarks>
/// Thread-safe. Give it to a <see cref="CassetteChatClient"/> or a <see cref="CassetteEmbeddingGenerator"/>, one cassette for as many as
/// belong to a test. Requests are found by <b>what is asked</b>: model, messages, tools and the options that change an answer, after
/// redaction and normalisers; not by identity, conversation ids, deadlines or raw representations. The same request made several times
/// gets its answers in the order in which they were recorded. The file holds prompts and answers: redact what must not be in version
/// control. Disposing of a cassette that recorded saves it, with the answers that have come to their end. Of two cassettes that record into
/// one file the second fails where it would write over the first. A client with a cassette in it gives it by <c>client.GetService&lt;Cassette&gt;()</c>.
/// </remarks>
public sealed partial class Cassette : IDisposable, IAsyncDisposable
{
    private readonly CassetteOptions _options;
    private readonly RequestRules _rules;
    private readonly Tape _tape;
    private readonly Lazy<RecordedTools> _tools;
    private readonly CassetteScopes _scopes = new();
    private readonly Lock _lock = new();
    private readonly List<CassetteMissException> _misses = [];
    private readonly List<DriftEntry> _drift = [];
    private readonly List<string> _faults = [];
    private readonly FileImprint? _imprint;
    private int _savedVersion;
    private int _faultsTold;

    private Cassette(string? path, CassetteMode mode, CassetteOptions options)
    {
        Path = path;
        Mode = mode;
        _options = options;
        _rules = new(options);
        _tape = new(options.WrapAround);
        _tools = new(() => new(_tape.Whole));
        _imprint = path is null || mode != CassetteMode.Record ? null : new(path);
    }

    /// <summary>Gets the file; <see langword="null"/> for a cassette in memory.</summary>
    public string? Path { get; }

    /// <summary>Gets what the cassette does. Never <see cref="CassetteMode.Auto"/>: that is decided when it is opened.</summary>
    public CassetteMode Mode { get; }

    /// <summary>Gets the number of recordings.</summary>
    public int Count => _tape.Whole.Count;

    /// <summary>Gets the recordings that were not asked for.</summary>
    public IReadOnlyList<UnplayedRecording> Unused =>
        [.. _tape.Whole.Select((recording, i) => (recording, i)).Where(item => !item.recording.IsPlayed)
            .Select(item => new UnplayedRecording(item.i + 1, item.recording.Key, item.recording.Scope, item.recording.Model))];

    /// <summary>Gets the misses so far, also those that a retry or a fallback hid from the caller.</summary>
    public IReadOnlyList<CassetteMissException> Misses
    {
        get
        {
            lock (_lock)
                return [.. _misses];
        }
    }

    /// <summary>Gets what <see cref="CassetteMode.Verify"/> has found so far.</summary>
    public DriftReport Drift
    {
        get
        {
            lock (_lock)
                return new([.. _drift], Unused);
        }
    }

    /// <summary>Opens a cassette.</summary>
    /// <param name="path">The file; by custom it ends with <c>.cassette.json</c> and is kept in version control.</param>
    /// <param name="options">The settings; the defaults when <see langword="null"/>.</param>
    /// <returns>The cassette; the caller disposes of it.</returns>
    /// <exception cref="CassetteException">It replays and there is no file, or the file is damaged or of another version, or a setting is outside its range, or <c>LLMKIT_CASSETTE_MODE</c> names no mode.</exception>
    public static Cassette Open(string path, CassetteOptions? options = null) => Open(path, options, Environment.GetEnvironmentVariable);

    /// <summary>Makes a cassette without a file: for recordings that are added by code, or saved elsewhere.</summary>
    /// <param name="mode">What it does; <see cref="CassetteMode.Auto"/> means to replay.</param>
    /// <param name="options">The other settings; the defaults when <see langword="null"/>.</param>
    /// <returns>The cassette.</returns>
    /// <exception cref="CassetteException">A setting is outside its range.</exception>
    public static Cassette InMemory(CassetteMode mode = CassetteMode.Replay, CassetteOptions? options = null)
    {
        if (!Enum.IsDefined(mode))
            throw new CassetteException($"The mode '{mode}' is none. Give one of {string.Join(", ", Enum.GetNames<CassetteMode>())}.");
        return new(path: null, mode == CassetteMode.Auto ? CassetteMode.Replay : mode, (options ?? new()).Checked());
    }

    internal static Cassette Open(string path, CassetteOptions? options, Func<string, string?> environment)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        options = (options ?? new()).Checked();
        var mode = CassetteModes.Resolve(path, options, environment);
        var cassette = new Cassette(path, mode, options);
        if (mode is not (CassetteMode.Replay or CassetteMode.Verify))
            return cassette;
        if (!File.Exists(path))
            throw new CassetteException($"There is no cassette '{path}'. Record it: run once with LLMKIT_CASSETTE_MODE=Record, or CassetteMode.Record, and add the file to version control.");
        foreach (var recording in CassetteFile.Read(path))
            cassette._tape.Add(recording);
        return cassette;
    }

    /// <summary>Names what runs until the result is disposed of, also in the tasks that it starts: its requests are recorded and found under that name only.</summary>
    /// <remarks>For work side by side that asks the same: each worker gets its own answers, whichever is faster.</remarks>
    /// <param name="name">The name, such as <c>worker-3</c>.</param>
    /// <returns>What ends the scope; the outer one is back then.</returns>
    public IDisposable Scope(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return _scopes.Begin(name);
    }

    /// <summary>Adds a recording by code.</summary>
    /// <param name="messages">The messages of the request.</param>
    /// <param name="options">Its options. The model is <see cref="ChatOptions.ModelId"/>.</param>
    /// <param name="response">The answer.</param>
    /// <param name="scope">The scope; the current one when <see langword="null"/>.</param>
    /// <exception cref="CassetteException">Request or answer hold something that cannot be recorded, or a text that cannot be redacted.</exception>
    public void Add(IEnumerable<ChatMessage> messages, ChatOptions? options, ChatResponse response, string? scope = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(response);
        Add(RequestJson.Of(messages, options, model: null, _rules), AnswerJson.Of(response, _rules, _options.KeepTimes), scope);
    }

    /// <summary>Adds a recording of a stream by code.</summary>
    /// <param name="messages">The messages of the request.</param>
    /// <param name="options">Its options. The model is <see cref="ChatOptions.ModelId"/>.</param>
    /// <param name="updates">The answer, in the pieces in which it is to be streamed.</param>
    /// <param name="scope">The scope; the current one when <see langword="null"/>.</param>
    /// <exception cref="CassetteException">Request or answer hold something that cannot be recorded, or a text that cannot be redacted.</exception>
    public void AddStream(IEnumerable<ChatMessage> messages, ChatOptions? options, IEnumerable<ChatResponseUpdate> updates, string? scope = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentNullException.ThrowIfNull(updates);
        Add(RequestJson.Of(messages, options, model: null, _rules), AnswerJson.Of([.. updates], times: null, _rules, _options.KeepTimes), scope);
    }

    /// <summary>Adds a recording of embeddings by code.</summary>
    /// <param name="values">The texts of the request.</param>
    /// <param name="options">Its options. The model is <see cref="EmbeddingGenerationOptions.ModelId"/>.</param>
    /// <param name="embeddings">The vectors, one for each text.</param>
    /// <param name="scope">The scope; the current one when <see langword="null"/>.</param>
    /// <exception cref="CassetteException">A text cannot be redacted, or an additional property of the key has no JSON.</exception>
    public void AddEmbeddings(IEnumerable<string> values, EmbeddingGenerationOptions? options, GeneratedEmbeddings<Embedding<float>> embeddings, string? scope = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(embeddings);
        Add(RequestJson.Of(values, options, model: null, _rules), AnswerJson.Of(embeddings, _rules), scope);
    }

    /// <summary>Checks that a test asked for all it recorded and for nothing else. A run that records has nothing to check.</summary>
    /// <exception cref="CassetteException">Recordings were not asked for, or a request had none.</exception>
    public void AssertAllPlayed()
    {
        var unused = Unused;
        var misses = Misses;
        if (misses.Count > 0)
            throw new CassetteException($"{misses.Count} requests had no recording in {Name}. The first: {misses[0].Message}", misses[0]);
        if (unused.Count > 0)
            throw new CassetteException($"{unused.Count} of {Count} recordings in {Name} were not asked for: {string.Join(", ", unused.Take(10).Select(recording => $"{recording.Number} ({recording.Key[..12]}{(recording.Scope.Length > 0 ? $" in '{recording.Scope}'" : "")})"))}. Record again with LLMKIT_CASSETTE_MODE=Record to drop them.");
    }

    /// <summary>Writes the file in one step, whatever the mode: whole, or not at all.</summary>
    /// <param name="path">Where to; <see cref="Path"/> when <see langword="null"/>.</param>
    /// <param name="cancellationToken">Cancels the writing.</param>
    /// <returns>A task that ends when the file is in its place.</returns>
    /// <exception cref="CassetteException">An answer could not be recorded, or something else recorded into the file: then nothing is written.</exception>
    /// <exception cref="InvalidOperationException">The cassette is in memory and no path is given.</exception>
    public async Task SaveAsync(string? path = null, CancellationToken cancellationToken = default)
    {
        var target = path ?? Path ?? throw new InvalidOperationException("The cassette is in memory. Give SaveAsync a path.");
        var (content, wrote) = ToWrite(target);
        await CassetteFile.SaveAsync(target, content, cancellationToken).ConfigureAwait(false);
        wrote?.Invoke();
    }

    /// <summary>Saves what was recorded, when it is to be recorded and was not saved yet.</summary>
    /// <exception cref="CassetteException">An answer could not be recorded, or something else recorded into the file: then nothing is written.</exception>
    public void Dispose()
    {
        if (!IsToSave())
            return;
        var (content, wrote) = ToWrite(Path!);
        CassetteFile.Save(Path!, content);
        wrote?.Invoke();
    }

    /// <inheritdoc cref="Dispose"/>
    public async ValueTask DisposeAsync()
    {
        if (IsToSave())
            await SaveAsync().ConfigureAwait(false);
    }

    private void Add(JsonObject request, JsonObject answer, string? scope) => _tape.Add(New(request, scope ?? CurrentScope, answer));
}
