using System.Text.Encodings.Web;
using System.Text.Json;
using LlmKit.Observability.Traces;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LlmKit.AspNetCore.Traces;

/// <summary>What the page asks for: itself, lists, records, traces, groups, and one thing that it tells: a score.</summary>
internal static class TraceEndpoints
{
    private const int MostOfTrace = 2_000;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static void Map(IEndpointRouteBuilder routes)
    {
        Get(routes, "/", PageAsync);
        Get(routes, "/api/traces", ListAsync);
        Get(routes, "/api/traces/{id}", RecordAsync);
        Get(routes, "/api/trace/{traceId}", TraceAsync);
        Get(routes, "/api/groups", GroupsAsync);
        routes.MapPost("/api/traces/{id}/scores", context => TracePageGate.EnterAsync(context, TraceScoring.ScoreAsync));
    }

    private static void Get(IEndpointRouteBuilder routes, string pattern, RequestDelegate answer) =>
        routes.MapGet(pattern, context => TracePageGate.EnterAsync(context, answer));

    private static Task PageAsync(HttpContext context)
    {
        var here = (context.Request.PathBase + context.Request.Path).ToUriComponent().TrimEnd('/');
        context.Response.Headers.ContentSecurityPolicy = TraceViewer.ContentSecurityPolicy;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.Body.WriteAsync(TraceViewer.Page(here + "/api"), context.RequestAborted).AsTask();
    }

    private static async Task ListAsync(HttpContext context)
    {
        if (!TraceQueryReader.TryRead(context.Request.Query, out var query, out var mistake))
        {
            await TracePageGate.RefuseAsync(context, StatusCodes.Status400BadRequest, mistake).ConfigureAwait(false);
            return;
        }

        TracePage page;
        try
        {
            page = await TraceReading.Of(context).ListAsync(query).ConfigureAwait(false);
        }
        catch (ArgumentException) when (query.After is not null)
        {
            await TracePageGate.RefuseAsync(context, StatusCodes.Status400BadRequest, "The value of 'after' cannot be read. Give the 'next' of the page before.").ConfigureAwait(false);
            return;
        }

        await WriteAsync(context, writer =>
        {
            WriteArray(writer, "traces", page.Traces, TraceViewer.WriteRow);
            if (page.Next is not null)
                writer.WriteString("next"u8, page.Next);
        }).ConfigureAwait(false);
    }

    private static async Task RecordAsync(HttpContext context)
    {
        if (await TraceReading.Of(context).GetAsync(Value(context, "id")).ConfigureAwait(false) is not { } record)
        {
            await TracePageGate.RefuseAsync(context, StatusCodes.Status404NotFound, "There is no such record here, or not any more.").ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, Relaxed))
            TraceViewer.WriteRecord(writer, record);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task TraceAsync(HttpContext context)
    {
        var found = new List<TraceSummary>();
        var reading = TraceReading.Of(context);
        var query = new TraceQuery { TraceId = Value(context, "traceId"), WithChildren = true, Limit = TraceQuery.MostPerPage };
        do
        {
            var page = await reading.ListAsync(query).ConfigureAwait(false);
            found.AddRange(page.Traces);
            query = query with { After = page.Next };
        }
        while (query.After is not null && found.Count < MostOfTrace);
        await WriteAsync(context, writer => WriteArray(writer, "traces", found, TraceViewer.WriteSummary)).ConfigureAwait(false);
    }

    private static async Task GroupsAsync(HttpContext context)
    {
        if (!TraceQueryReader.TryRead(context.Request.Query, out var query, out var mistake)
            || !TraceQueryReader.TryReadGrouping(context.Request.Query, out var grouping, out mistake))
        {
            await TracePageGate.RefuseAsync(context, StatusCodes.Status400BadRequest, mistake).ConfigureAwait(false);
            return;
        }

        var groups = await TraceReading.Of(context).AggregateAsync(query, grouping).ConfigureAwait(false);
        await WriteAsync(context, writer => WriteArray(writer, "groups", groups, WriteGroup)).ConfigureAwait(false);
    }

    private static void WriteGroup(Utf8JsonWriter writer, TraceGroup group)
    {
        writer.WriteStartObject();
        if (group.Name is not null)
            writer.WriteString("name"u8, group.Name);
        if (group.From is { } from)
            writer.WriteString("from"u8, from);
        writer.WriteNumber("calls"u8, group.Calls);
        writer.WriteNumber("failures"u8, group.Failures);
        writer.WriteNumber("blocked"u8, group.Blocked);
        writer.WriteNumber("bad"u8, group.Bad);
        writer.WriteNumber("hits"u8, group.Hits);
        writer.WriteNumber("unpriced"u8, group.Unpriced);
        writer.WriteNumber("cost"u8, group.Cost);
        writer.WriteNumber("inputTokens"u8, group.InputTokens);
        writer.WriteNumber("outputTokens"u8, group.OutputTokens);
        writer.WriteNumber("p50Ms"u8, group.DurationP50.TotalMilliseconds);
        writer.WriteNumber("p95Ms"u8, group.DurationP95.TotalMilliseconds);
        writer.WriteNumber("scored"u8, group.Scored);
        if (group.MeanScore is { } score)
            writer.WriteNumber("meanScore"u8, score);
        writer.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter writer, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
            write(writer, item);
        writer.WriteEndArray();
    }

    private static async Task WriteAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        using (var writer = new Utf8JsonWriter(context.Response.BodyWriter, Relaxed))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        await context.Response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    // A slash is the one character that routing leaves as it was escaped.
    public static string Value(HttpContext context, string name) => ((string)context.Request.RouteValues[name]!).Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
