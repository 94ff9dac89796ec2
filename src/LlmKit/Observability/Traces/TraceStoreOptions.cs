using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace LlmKit;

/// <summary>What traces are kept, and where.</summary>
/// <remarks>Settings: change them only while the services are being configured. Bound from <c>LlmKit:Traces</c>; configuration wins over code.</remarks>
public sealed class TraceStoreOptions
{
    /// <summary>Gets or sets whether records hold prompts, answers, tool arguments and retrieved documents, whatever spans tell. Sensitive: every reader of the store can read them.</summary>
    /// <value><see langword="null"/> by default: only in the environment <c>Development</c>. What <see cref="TracingOptions.Redact"/> removes is removed here too.</value>
    public bool? Content { get; set; }

    /// <summary>Gets or sets the folder of the files that keep records beyond the process; <see langword="null"/> for memory alone.</summary>
    /// <value><see langword="null"/> by default. Each process writes files of its own, which all read; they can be read by their owner only.</value>
    public string? Directory { get; set; }

    /// <summary>Gets or sets the most records in memory; the oldest make room, traces as a whole.</summary>
    /// <value>1 to 1,000,000; 10,000 by default. Records with an error, and those that a rail blocked or somebody scored below one half, make room last.</value>
    public int MaxRecords { get; set; } = 10_000;

    /// <summary>Gets or sets the most memory that texts and records may take, in bytes, as far as it can be reckoned.</summary>
    /// <value>65,536 to 17,179,869,184; 67,108,864 by default.</value>
    public long MaxBytes { get; set; } = 64L << 20;

    /// <summary>Gets or sets how large one file may grow before the next is begun, in bytes. A day begins one too.</summary>
    /// <value>65,536 to 4,294,967,296; 67,108,864 by default.</value>
    public long MaxFileBytes { get; set; } = 64L << 20;

    /// <summary>Gets or sets how large all files together may grow before the oldest are deleted, in bytes.</summary>
    /// <value>At least <see cref="MaxFileBytes"/>; 1,073,741,824 by default.</value>
    public long MaxDiskBytes { get; set; } = 1L << 30;

    /// <summary>Gets or sets how old a file may become before it is deleted.</summary>
    /// <value>1 hour to 10 years; 7 days by default.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Gets or sets the share of traces that is kept, decided when the request that they belong to has ended, by the trace's id.</summary>
    /// <value>0 to 1; 1 by default. Traces with an error, a blocked answer, one that was scored before that end, or slower or dearer than said below are always kept; what is said of an answer later finds its record only where its trace was kept. Metrics count everything.</value>
    public double KeepShare { get; set; } = 1;

    /// <summary>Gets or sets from which duration on a trace is always kept.</summary>
    /// <value><see langword="null"/> by default: no duration does that.</value>
    public TimeSpan? KeepSlowerThan { get; set; }

    /// <summary>Gets or sets from which cost of a call on, in USD, a trace is always kept.</summary>
    /// <value><see langword="null"/> by default: no cost does that.</value>
    public decimal? KeepDearerThan { get; set; }

    /// <summary>Gets or sets after how long it is decided about a trace whose request does not end.</summary>
    /// <value>1 second to 1 day; 5 minutes by default.</value>
    public TimeSpan RootTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Gets or sets how many calls may wait for the writer; those that come then are counted and not kept.</summary>
    /// <value>1 to 1,000,000; 10,000 by default.</value>
    public int MaxQueued { get; set; } = 10_000;

    /// <summary>Gets or sets how many bytes of texts may wait for the writer; calls that come then are kept without their texts.</summary>
    /// <value>65,536 to 4,294,967,296; 33,554,432 by default.</value>
    public long MaxQueuedBytes { get; set; } = 32L << 20;

    /// <summary>Gets or sets the activity sources whose spans are kept beside the calls, such as <c>Microsoft.Agents.AI</c>; tools, retrievals and agents of LlmKit's own are kept anyway.</summary>
    /// <value>Empty by default.</value>
    public IList<string> Sources { get; set; } = [];

    /// <summary>Gets whether texts are kept, once it is decided.</summary>
    internal bool KeepContent => Content == true;

    internal void Bind(IConfiguration section)
    {
        Content = Read(section, nameof(Content), bool.Parse) ?? Content;
        Directory = section[nameof(Directory)] is { Length: > 0 } directory ? directory : Directory;
        MaxRecords = Read(section, nameof(MaxRecords), Int) ?? MaxRecords;
        MaxBytes = Read(section, nameof(MaxBytes), Long) ?? MaxBytes;
        MaxFileBytes = Read(section, nameof(MaxFileBytes), Long) ?? MaxFileBytes;
        MaxDiskBytes = Read(section, nameof(MaxDiskBytes), Long) ?? MaxDiskBytes;
        Retention = Read(section, nameof(Retention), Time) ?? Retention;
        KeepShare = Read(section, nameof(KeepShare), static text => double.Parse(text, CultureInfo.InvariantCulture)) ?? KeepShare;
        KeepSlowerThan = Read(section, nameof(KeepSlowerThan), Time) ?? KeepSlowerThan;
        KeepDearerThan = Read(section, nameof(KeepDearerThan), static text => decimal.Parse(text, CultureInfo.InvariantCulture)) ?? KeepDearerThan;
        RootTimeout = Read(section, nameof(RootTimeout), Time) ?? RootTimeout;
        MaxQueued = Read(section, nameof(MaxQueued), Int) ?? MaxQueued;
        MaxQueuedBytes = Read(section, nameof(MaxQueuedBytes), Long) ?? MaxQueuedBytes;
        var sources = section.GetSection(nameof(Sources)).GetChildren().Select(source => source.Value).OfType<string>().ToList();
        if (sources.Count > 0)
            Sources = sources;

        static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

        static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);

        static TimeSpan Time(string text) => TimeSpan.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Lists what is outside its range.</summary>
    internal IEnumerable<string> Failures()
    {
        const long kilobytes64 = 64 << 10, gigabytes4 = 4L << 30;
        if (MaxRecords is < 1 or > 1_000_000)
            yield return Outside(nameof(MaxRecords), MaxRecords, "1 to 1,000,000");
        if (MaxBytes is < kilobytes64 or > 16L << 30)
            yield return Outside(nameof(MaxBytes), MaxBytes, "65,536 to 17,179,869,184 bytes");
        if (MaxFileBytes is < kilobytes64 or > gigabytes4)
            yield return Outside(nameof(MaxFileBytes), MaxFileBytes, "65,536 to 4,294,967,296 bytes");
        if (MaxDiskBytes < MaxFileBytes)
            yield return Outside(nameof(MaxDiskBytes), MaxDiskBytes, "MaxFileBytes and more");
        if (Retention < TimeSpan.FromHours(1) || Retention > TimeSpan.FromDays(3_653))
            yield return Outside(nameof(Retention), Retention, "1 hour to 10 years");
        if (!(KeepShare is >= 0 and <= 1))
            yield return Outside(nameof(KeepShare), KeepShare, "0 to 1");
        if (RootTimeout < TimeSpan.FromSeconds(1) || RootTimeout > TimeSpan.FromDays(1))
            yield return Outside(nameof(RootTimeout), RootTimeout, "1 second to 1 day");
        if (MaxQueued is < 1 or > 1_000_000)
            yield return Outside(nameof(MaxQueued), MaxQueued, "1 to 1,000,000");
        if (MaxQueuedBytes is < kilobytes64 or > gigabytes4)
            yield return Outside(nameof(MaxQueuedBytes), MaxQueuedBytes, "65,536 to 4,294,967,296 bytes");
        if (Directory is not null && string.IsNullOrWhiteSpace(Directory))
            yield return "The directory of the traces is blank. Set TraceStoreOptions.Directory to a folder, or to null for memory alone.";
    }

    private static string Outside(string name, object value, string range) =>
        string.Create(CultureInfo.InvariantCulture, $"The value '{value}' of {name} is outside {range}. Set TraceStoreOptions.{name}, or 'LlmKit:Traces:{name}', to one within.");

    private static T? Read<T>(IConfiguration section, string name, Func<string, T> parse)
        where T : struct
    {
        if (section[name] is not { Length: > 0 } text)
            return null;
        try
        {
            return parse(text);
        }
        catch (Exception exception) when (exception is FormatException or OverflowException)
        {
            throw new InvalidOperationException($"'{name}' is '{text}', which does not read.");
        }
    }
}
