using System.Text;
using System.Text.Json;
using LlmKit.Observability.Traces;
using LlmKit.Testing;
using LlmKit.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Finding;

public sealed class TraceDiffTests
{
    [Test]
    public void Of_OneRequestWithTwoAnswers_HasNoDifferenceInTheRequest()
    {
        var left = TraceRecords.Of("a", text: "same");
        var right = TraceRecords.Of("b", text: "same") with { Fingerprint = "fp2", Cost = null };

        var diff = TraceDiff.Of(left, right);

        Assert.That(diff.Request, Is.Empty);
        Assert.That(diff.Answer, Is.EqualTo(new TraceDifference[] { new("output[0].parts[0].content", "Answer a", "Answer b") }));
        Assert.That(diff.Facts, Is.EqualTo(new TraceDifference[] { new("fingerprint", null, "fp2"), new("cost", "0.5", null) }));
    }

    [Test]
    public void Of_TwoRequests_NamesTheSmallestValuesThatDiffer()
    {
        var left = TraceRecords.Of("a", text: "one") with { Options = new("""{"temperature":0,"stop":["x"]}"""u8.ToArray()), Tools = new("[]"u8.ToArray()) };
        var right = TraceRecords.Of("b", text: "two") with { Options = new("""{"temperature":1,"stop":["x","y"]}"""u8.ToArray()), RequestModel = "big" };
        right = right with { Input = [.. right.Input, TraceRecords.Message("user", "more")] };

        var diff = TraceDiff.Of(left, right);

        Assert.That(diff.Request, Is.EqualTo(new TraceDifference[]
        {
            new("requestModel", null, "big"), new("options.temperature", "0", "1"), new("options.stop[1]", null, "y"), new("tools", "[]", null),
            new("input[1].parts[0].content", "one", "two"), new("input[2]", null, """{"role":"user","parts":[{"type":"text","content":"more"}]}"""),
        }));
    }

    [Test]
    public async Task Diff_OfCallsThatAreNotHere_IsNothing()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => options.Content = true).UseTracing());
        var traces = rig.Services.GetRequiredService<LlmTraces>();
        var (first, second) = (await rig.AskAsync(streamed: false), await rig.AskAsync(streamed: true));

        Assert.That(await traces.DiffAsync(first.Call!.Id, "nobody"), Is.Null);
        Assert.That((await traces.DiffAsync(first.Call!.Id, second.Call!.Id))!.Request, Is.Empty);
    }

    [Test]
    public async Task ExportDataset_OfMorePagesThanOne_WritesALineForEachRecordWithTexts()
    {
        using var rig = new BudgetRig(builder => builder.AddPriced("model", ScriptedAnswer.Text("ok")).WithTraces(options => options.Content = true).UseTracing());
        var traces = rig.Services.GetRequiredService<LlmTraces>();
        await traces.Store.AddAsync([.. Enumerable.Range(0, TraceQuery.MostPerPage + 1).Select(i => TraceRecords.Of($"r{i}", i)), TraceRecords.Of("empty") with { Input = [] }, TraceRecords.Of("tool") with { Kind = TraceKind.Tool }]);
        using var output = new MemoryStream();

        var count = await traces.ExportDatasetAsync(new() { Tenant = "acme" }, output);

        var lines = Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
        Assert.That(await traces.ExportDatasetAsync(new() { Kind = TraceKind.Tool }, Stream.Null), Is.EqualTo(1));
        Assert.That((count, lines.Length), Is.EqualTo((TraceQuery.MostPerPage + 1, TraceQuery.MostPerPage + 1)));
        using var last = JsonDocument.Parse(lines[^1]);
        Assert.That(last.RootElement.GetProperty("input")[1].GetProperty("parts")[0].GetProperty("content").GetString(), Is.EqualTo("What about r0?"));
        Assert.That(last.RootElement.GetProperty("expected")[0].GetProperty("role").GetString(), Is.EqualTo("assistant"));
        Assert.That(last.RootElement.GetProperty("metadata").GetProperty("id").GetString(), Is.EqualTo("r0"));
    }
}
