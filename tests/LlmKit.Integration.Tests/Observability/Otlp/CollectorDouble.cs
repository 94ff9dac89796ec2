using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LlmKit.Integration.Tests.Observability.Otlp;

/// <summary>An OpenTelemetry collector that takes what arrives over HTTP and keeps it, decoded and as bytes.</summary>
internal sealed class CollectorDouble : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ConcurrentQueue<(string Path, byte[] Body)> _received = new();

    private CollectorDouble(WebApplication host) => _host = host;

    public string Address { get; private set; } = "";

    public IEnumerable<OtlpSpan> Spans =>
        from resources in All("/v1/traces")
        let resource = Resource(resources)
        from scopes in resources.Messages(2)
        let scope = scopes.Message(1)!.Text(1)
        from span in scopes.Messages(2)
        let status = span.Message(15)
        select new OtlpSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), (int)span.Number(6), (int)(status?.Number(3) ?? 0), status?.Text(2) ?? "",
            OtlpValues.Attributes(span, 9),
            [.. span.Messages(11).Select(told => new OtlpEvent(told.Text(2), OtlpValues.Attributes(told, 3)))],
            resource, scope);

    public IEnumerable<OtlpPoint> Points =>
        from resources in All("/v1/metrics")
        from scopes in resources.Messages(2)
        from metric in scopes.Messages(2)
        from point in PointsOf(metric)
        select point;

    public IEnumerable<OtlpLog> Logs =>
        from resources in All("/v1/logs")
        from scopes in resources.Messages(2)
        from log in scopes.Messages(2)
        select new OtlpLog(log.Text(12), (int)log.Number(2), log.Hex(9), log.Hex(10), OtlpValues.Attributes(log, 6), OtlpValues.Value(log.Message(5)));

    public static async Task<CollectorDouble> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new CollectorDouble(builder.Build());
        collector._host.MapPost("/v1/{signal}", collector.TakeAsync);
        await collector._host.StartAsync();
        collector.Address = collector._host.Urls.Single();
        return collector;
    }

    /// <summary>Whether a text is anywhere in what arrived.</summary>
    public bool Holds(string text) => _received.Any(request => request.Body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static Dictionary<string, object?> Resource(WireMessage resources) => OtlpValues.Attributes(resources.Message(1)!, 1);

    private static IEnumerable<OtlpPoint> PointsOf(WireMessage metric)
    {
        var (name, unit) = (metric.Text(1), metric.Text(3));
        foreach (var point in metric.Message(9)?.Messages(1) ?? [])
            yield return new(name, unit, "histogram", OtlpValues.Attributes(point, 9), point.Double(5), point.Number(4), point.Doubles(7));
        foreach (var point in metric.Message(7)?.Messages(1) ?? [])
            yield return new(name, unit, "sum", OtlpValues.Attributes(point, 7), point.Has(6) ? point.Number(6) : point.Double(4), 0, []);
    }

    private IEnumerable<WireMessage> All(string path) =>
        _received.Where(request => request.Path == path).SelectMany(request => new WireMessage(request.Body).Messages(1));

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        _received.Enqueue((context.Request.Path.Value!, body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
    }
}
