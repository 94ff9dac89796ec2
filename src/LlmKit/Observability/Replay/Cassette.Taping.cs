using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace LlmKit.Observability.Replay;

public sealed partial class Cassette
{
    internal CassetteOptions Options => _options;

    private string CurrentScope => _scopes.Current;

    private string Name => Path is null ? "The cassette in memory" : $"The cassette '{Path}'";

    internal JsonObject RequestOf(IReadOnlyList<ChatMessage> messages, ChatOptions? options, string? model) => RequestJson.Of(messages, options, model, _rules);

    internal JsonObject RequestOf(IReadOnlyList<string> values, EmbeddingGenerationOptions? options, string? model) => RequestJson.Of(values, options, model, _rules);

    /// <summary>Gives the recorded answer to a request.</summary>
    /// <exception cref="CassetteMissException">There is none, or none any more.</exception>
    internal JsonObject Play(JsonObject request)
    {
        var asked = New(request, CurrentScope, answer: null);
        if (_tape.Next(asked.Scope, asked.Key, out var isPlayedOut)?.Answer is { } answer)
            return answer;
        throw Noted(MissReport.Of(asked, isPlayedOut, _tape.Whole, Name, _options.ShowTexts));
    }

    /// <summary>Gives the recorded result of a tool.</summary>
    /// <exception cref="CassetteMissException">It was not called so, or not so often.</exception>
    internal object? PlayTool(string name, IEnumerable<KeyValuePair<string, object?>> arguments)
    {
        var asked = ValueJson.Of(arguments, _rules.Normalize);
        if (_tools.Value.Next(CurrentScope, name, asked, out var step) is { } result)
            return result.Text("failure") is { } failure ? throw new RecordedFailureException(failure, "The tool failed.") : result.Text("text") ?? ValueJson.Read(result["result"]);
        var path = _tools.Value.DifferencePath(CurrentScope, name, asked);
        throw Noted(new($"{Name} has no result of the tool '{name}': first divergence at step {step.ToString(CultureInfo.InvariantCulture)} of the tools{(path is null ? "" : $", in the arguments at {path}")}. Let the tool run, or record again with LLMKIT_CASSETTE_MODE=Record.", CanonicalJson.KeyOf(asked!), CurrentScope) { DifferencePath = path });
    }

    /// <summary>Begins to listen to the answer to a request; what goes wrong is noted, and the request goes on.</summary>
    internal IAnswerListener? Listen(Func<JsonObject> request)
    {
        try
        {
            return Mode switch
            {
                CassetteMode.Record => Recorder(New(request(), CurrentScope, answer: null)),
                CassetteMode.Verify => Verifier(New(request(), CurrentScope, answer: null)),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            if (Mode == CassetteMode.Record)
                NoteFault(exception);
            else
                NoteDrift(new() { Key = "", Scope = CurrentScope, Level = DriftLevel.Unrecorded, Note = $"could not be compared: {exception.GetType().Name}" });
            return null;
        }
    }

    private AnswerRecorder Recorder(Recording recording)
    {
        // What is asked for now is no recording that nobody asked for.
        recording.IsPlayed = true;
        _tape.Add(recording);
        return new(_tape, recording, _rules, _options.KeepTimes, _options.ClassifyFailure, NoteFault);
    }

    private AnswerVerifier Verifier(Recording asked) => new(asked, _tape.Next(asked.Scope, asked.Key, out _), _options, _rules, NoteDrift);

    private Recording New(JsonObject request, string scope, JsonObject? answer) => new(scope, request)
    {
        Answer = answer,
        RecordedAt = _options.KeepTimes ? _options.TimeProvider.GetUtcNow().ToString("O", CultureInfo.InvariantCulture) : null,
    };

    private CassetteMissException Noted(CassetteMissException miss)
    {
        lock (_lock)
            _misses.Add(miss);
        return miss;
    }

    private void NoteDrift(DriftEntry entry)
    {
        lock (_lock)
            _drift.Add(entry);
    }

    private void NoteFault(Exception exception)
    {
        // Of exceptions other than our own nobody knows what their messages hold.
        var fault = exception is LlmException ? exception.Message : $"'{exception.GetType().FullName}' was thrown while it was recorded.";
        lock (_lock)
            _faults.Add(fault);
    }

    private void ThrowFaults()
    {
        lock (_lock)
        {
            if (_faults.Count > 0)
                throw new CassetteException($"{Name} was not written, because {_faults.Count} answers could not be recorded. The first: {_faults[0]}");
        }
    }

    /// <summary>Whether there is something to save, told once. A run that recorded nothing leaves the old file alone.</summary>
    private bool IsToSave()
    {
        if (Mode != CassetteMode.Record || Path is null)
            return false;
        var (recordings, version) = _tape.Snapshot();
        lock (_lock)
        {
            if (_faultsTold < _faults.Count)
            {
                _faultsTold = _faults.Count;
                return true;
            }

            var isNew = _savedVersion < version;
            _savedVersion = version;
            return isNew && recordings.Count > 0;
        }
    }

    /// <summary>Gives the file as it is now, and what is to be said once it is in its place.</summary>
    private (byte[] Content, Action? Wrote) ToWrite(string target)
    {
        ThrowFaults();
        var (recordings, version) = _tape.Snapshot();
        var content = CassetteFile.Write(recordings);
        if (_imprint is null || System.IO.Path.GetFullPath(target) != System.IO.Path.GetFullPath(Path!))
            return (content, null);
        _imprint.ThrowIfTaken(content);
        return (content, Wrote);

        void Wrote()
        {
            _imprint.Wrote(content);
            lock (_lock)
                _savedVersion = Math.Max(_savedVersion, version);
        }
    }
}
