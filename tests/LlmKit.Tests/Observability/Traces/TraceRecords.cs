using System.Text;
using LlmKit.Calls;
using LlmKit.Observability.Traces;

namespace LlmKit.Tests.Observability.Traces;

/// <summary>Makes records as a recorder would.</summary>
internal static class TraceRecords
{
    public static DateTimeOffset Noon { get; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TraceRecord Of(string id, int second = 0, string? text = null, string? tenant = "acme", string? user = "ann") => new()
    {
        Id = id,
        TraceId = "trace-" + id,
        Name = "chat small",
        Kind = TraceKind.Chat,
        StartedAt = Noon.AddSeconds(second),
        Duration = TimeSpan.FromMilliseconds(100 + second),
        Tenant = tenant,
        User = user,
        Feature = "triage",
        Model = "small",
        Status = CallStatus.Completed,
        Usage = new() { Input = 10, Output = 5 },
        Cost = 0.5m,
        Input = [Message("system", "Be brief."), Message("user", text ?? "What about " + id + "?")],
        Output = [Message("assistant", "Answer " + id)],
    };

    public static TraceMessage Message(string role, string text) =>
        new(Encoding.UTF8.GetBytes($$"""{"role":"{{role}}","parts":[{"type":"text","content":"{{text}}"}]}"""));

    public static async Task<List<string>> IdsAsync(ITraceStore store, TraceQuery? query = null) =>
        [.. (await store.ListAsync(query ?? new())).Traces.Select(trace => trace.Id)];
}
