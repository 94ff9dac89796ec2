using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmKit.Observability.Tracing;

/// <summary>The environment variables that ask for texts to be stored as files, in the vocabulary of Python's instrumentations.</summary>
internal sealed class UploadSwitch : IAsyncDisposable, IDisposable
{
    private const string HookVariable = "OTEL_INSTRUMENTATION_GENAI_COMPLETION_HOOK";
    private const string PathVariable = "OTEL_INSTRUMENTATION_GENAI_UPLOAD_BASE_PATH";

    public UploadSwitch(string? hook, string? path, TimeProvider time, ILogger logger)
    {
        if (!string.Equals(hook?.Trim(), "upload", StringComparison.OrdinalIgnoreCase))
            return;
        if (FolderOf(path) is { } folder)
            Hook = new(folder, time, logger);
        else
            UploadTelemetry.NoFolder(logger, PathVariable);
    }

    /// <summary>Gets what stores texts; <see langword="null"/> where nobody asks for it.</summary>
    public UploadHook? Hook { get; }

    public static UploadSwitch FromEnvironment(IServiceProvider services) => new(
        Environment.GetEnvironmentVariable(HookVariable),
        Environment.GetEnvironmentVariable(PathVariable),
        services.GetService<TimeProvider>() ?? TimeProvider.System,
        services.GetService<ILoggerFactory>()?.CreateLogger<TracingChatClient>() ?? NullLogger<TracingChatClient>.Instance);

    /// <summary>Gives a local folder; <see langword="null"/> for none, and for what lies elsewhere.</summary>
    public static string? FolderOf(string? path) =>
        string.IsNullOrWhiteSpace(path) ? null
        : !path.Contains("://", StringComparison.Ordinal) ? Path.GetFullPath(path)
        : Uri.TryCreate(path, UriKind.Absolute, out var uri) && uri is { IsFile: true, IsUnc: false } ? uri.LocalPath
        : null;

    public ValueTask DisposeAsync() => Hook?.DisposeAsync() ?? default;

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();
}
