using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace LlmKit.Observability.Tracing;

/// <summary>Stores the texts of calls as files of a folder, from a thread of its own, and says where they are. It changes nothing.</summary>
/// <remarks>Thread-safe. A call waits for nothing: what does not fit into the queue is left out and counted, and no reference leads to it.</remarks>
internal sealed class UploadHook : IContentHook, IAsyncDisposable
{
    public const int MostQueued = 256;

    private const int MostBytes = 16 << 20;
    private static readonly TimeSpan MostClosing = TimeSpan.FromSeconds(10);

    // Whole texts: that is what files are for.
    private static readonly ContentJson Json = new(redact: null, MostBytes, MostBytes);

    private readonly string _folder;
    private readonly Func<string, string, Task> _write;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Upload> _queue = Channel.CreateBounded<Upload>(new BoundedChannelOptions(MostQueued) { SingleReader = true });
    private readonly Task _writing;

    /// <summary>Begins to wait for what is to be stored.</summary>
    /// <param name="folder">The path of the folder; made when it is needed.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are logged, by type.</param>
    /// <param name="write">Writes a text to a path; <see langword="null"/> for the disk.</param>
    public UploadHook(string folder, TimeProvider time, ILogger logger, Func<string, string, Task>? write = null)
    {
        (_folder, _time, _logger, _write) = (folder, time, logger, write ?? SaveAsync);
        // The writer is nobody's: it must not carry the context of whoever builds the pipeline.
        using (ExecutionContext.IsFlowSuppressed() ? (IDisposable?)null : ExecutionContext.SuppressFlow())
            _writing = WriteAsync();
    }

    public void OnRequest(RequestContent content)
    {
        var (messages, instructions) = (content.Messages, content.Instructions);
        if (messages.Count > 0)
            content.MessagesReference = Store(content.CallId, "inputs", () => Json.Messages(messages));
        if (!string.IsNullOrWhiteSpace(instructions))
            content.InstructionsReference = Store(content.CallId, "system_instruction", () => Json.Instructions(instructions));
    }

    public void OnResponse(ResponseContent content)
    {
        var response = content.Response;
        if (response.Messages.Count > 0)
            content.MessagesReference = Store(content.CallId, "outputs", () => Json.Answer(response));
    }

    /// <summary>Stores what is waiting, for ten seconds at most.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _writing.WaitAsync(MostClosing, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            UploadTelemetry.Dropped("closed", _queue.Reader.Count);
        }
    }

    private string? Store(string callId, string what, Func<string?> json)
    {
        var path = Path.Combine(_folder, $"{callId}_{what}.json");
        if (_queue.Writer.TryWrite(new(path, json)))
            return new Uri(path).AbsoluteUri;
        UploadTelemetry.Dropped(_queue.Reader.Completion.IsCompleted ? "closed" : "queue_full");
        return null;
    }

    private async Task WriteAsync()
    {
        await foreach (var (path, json) in _queue.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                if (json() is { } text)
                    await _write(path, text).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                UploadTelemetry.Dropped("failed");
                UploadTelemetry.Failed(_logger, exception.GetType().Name);
            }
        }
    }

    /// <summary>Writes a file that only its owner reads, beside and renamed: whoever follows a reference finds a whole file or none.</summary>
    private async Task SaveAsync(string path, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(_folder);
        }
        else
        {
            Directory.CreateDirectory(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var unfinished = path + ".tmp";
        var writer = new StreamWriter(unfinished, options);
        await using (writer.ConfigureAwait(false))
            await writer.WriteAsync(text).ConfigureAwait(false);
        File.Move(unfinished, path, overwrite: true);
    }

    private readonly record struct Upload(string Path, Func<string?> Json);
}
