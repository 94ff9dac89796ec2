using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmKit.Observability.Traces;
using LlmKit.Tests.Support;
using NUnit.Framework;

namespace LlmKit.Tests.Observability.Traces.Page;

public sealed partial class HtmlTraceReportTests
{
    private const string Hostile = "</script><script>alert(1)</script><!-- <![CDATA[ &lt; \u2028 \u2029 â € { \" ' ]]> -->";

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Test]
    public async Task WriteAsync_HostileContent_StaysTextInItsBlock()
    {
        var record = Record("a") with { Name = Hostile, Tenant = Hostile, Input = [Message(Hostile)], Documents = new("[{\"id\":\"</ScRiPt>\",\"score\":1}]"u8.ToArray()) };

        var html = await WriteAsync([record], new() { Title = Hostile });

        var blocks = Block().Matches(html).ToDictionary(block => block.Groups["id"].Value, block => block.Groups["json"].Value);
        Assert.That(Block().Replace(html[html.IndexOf("</style>", StringComparison.Ordinal)..], "").Split("<script").Length - 1, Is.EqualTo(1), "Only the page's own script is left.");
        Assert.That(blocks.Values, Has.None.Matches<string>(json => json.AsSpan().ContainsAny("<>&\u2028\u2029")));
        using var message = JsonDocument.Parse(blocks["m" + record.Input[0].Hash]);
        Assert.That(message.RootElement.GetProperty("parts")[0].GetProperty("content").GetString(), Is.EqualTo(Hostile));
        using var written = JsonDocument.Parse(blocks["r0"]);
        Assert.That(written.RootElement.GetProperty("tenant").GetString(), Is.EqualTo(Hostile));
        Assert.That(html, Does.Contain($"<title>{WebUtility.HtmlEncode(Hostile)}</title>"));
    }

    [TestCase("<", "\\u003c")]
    [TestCase(">", "\\u003e")]
    [TestCase("&", "\\u0026")]
    [TestCase("\u2028", "\\u2028")]
    [TestCase("\u2029", "\\u2029")]
    [TestCase("\u2027\u202Aâ€", "\u2027\u202Aâ€")]
    [TestCase("a<<b", "a\\u003c\\u003cb")]
    public void ScriptText_Characters_AreEscapedWhereTheyTell(string text, string expected)
    {
        var output = new System.Buffers.ArrayBufferWriter<byte>();

        ScriptText.Write(output, Encoding.UTF8.GetBytes(text));

        Assert.That(Encoding.UTF8.GetString(output.WrittenSpan), Is.EqualTo(expected));
    }

    [Test]
    public async Task WriteAsync_Policy_AllowsThePagesOwnScriptAndStyleAlone()
    {
        var html = await WriteAsync([Record("a")]);

        var policy = Policy().Match(html).Groups["policy"].Value;
        var style = html[(html.IndexOf("<style>", StringComparison.Ordinal) + 7)..html.IndexOf("</style>", StringComparison.Ordinal)];
        var script = html[(html.LastIndexOf("<script>", StringComparison.Ordinal) + 8)..html.LastIndexOf("</script>", StringComparison.Ordinal)];
        Assert.That(policy, Does.StartWith("default-src 'none'; img-src data:; "));
        Assert.That(policy, Does.Contain($"style-src '{HashOf(style)}'").And.Contain($"script-src '{HashOf(script)}'").And.Contain("require-trusted-types-for 'script'"));
        Assert.That(policy, Does.Not.Contain("unsafe").And.Not.Contain("connect-src"));
    }

    [Test]
    public void TraceViewer_LivePage_MayTalkToItsOriginOnly()
    {
        var html = Encoding.UTF8.GetString(TraceViewer.Page("/x</script>/api/").Span);

        Assert.That(TraceViewer.ContentSecurityPolicy, Does.Contain("connect-src 'self'").And.Contain("frame-ancestors 'none'").And.Not.Contain("unsafe"));
        Assert.That(html, Does.Contain("\"api\":\"/x\\u003C/script\\u003E/api\""));
    }

    [Test]
    public async Task WriteAsync_MessageOfManyRecords_IsWrittenOnce()
    {
        var shared = Message("said in every round");
        var records = Enumerable.Range(0, 50).Select(i => Record($"r{i}") with { Input = [shared, Message($"round {i}")] });

        var html = await WriteAsync(records);

        Assert.That(html.Split("said in every round").Length - 1, Is.EqualTo(1));
        Assert.That(Block().Count(html), Is.EqualTo(50 + 51 + 1));
    }

    [Test]
    public async Task WriteAsync_MoreThanFits_IsLeftOutWholeAndSaid()
    {
        var records = Enumerable.Range(0, 100).Select(i => Record($"r{i}") with { Input = [Message(new string((char)('a' + (i % 26)), 1_000) + i)] }).ToList();
        var empty = (await WriteAsync([])).Length;

        var html = await WriteAsync(records, new() { MaxBytes = 30_000 });

        var index = Index(html);
        var written = index.GetProperty("rows").GetArrayLength();
        Assert.That(html.Length - empty, Is.LessThan(30_100));
        Assert.That(written, Is.InRange(10, 25));
        Assert.That(index.GetProperty("leftOut").GetInt32(), Is.EqualTo(100 - written));
        Assert.That(index.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("id").GetString()), Is.EqualTo(records.Take(written).Select(record => record.Id)));
    }

    [Test]
    public async Task WriteAsync_OneThatDoesNotFit_LeavesRoomForTheNext()
    {
        var html = await WriteAsync([Record("huge") with { Input = [Message(new string('x', 5_000))] }, Record("small")], new() { MaxBytes = 3_000 });

        Assert.That(Index(html).GetProperty("rows").EnumerateArray().Single().GetProperty("id").GetString(), Is.EqualTo("small"));
        Assert.That(html, Does.Not.Contain("xxxxx"));
    }

    [Test]
    public void WriteAsync_SizeOutOfRange_IsRefused() =>
        Assert.That(async () => await HtmlTraceReport.WriteAsync([], Stream.Null, new() { MaxBytes = 10 }), Throws.ArgumentException.With.Message.Contains("MaxBytes"));

    [Test]
    public async Task WriteAsync_WhatACallAskedForItself_SaysWhatForAndForWhich()
    {
        var html = await WriteAsync([Record("a"), Record("b") with { ParentId = "a", Purpose = "judge" }]);

        var blocks = Block().Matches(html).ToDictionary(block => block.Groups["id"].Value, block => block.Groups["json"].Value);
        using var record = JsonDocument.Parse(blocks["r1"]);
        using var index = JsonDocument.Parse(blocks["index"]);
        foreach (var json in new[] { record.RootElement, index.RootElement.GetProperty("rows")[1] })
            Assert.That((json.GetProperty("parentId").GetString(), json.GetProperty("purpose").GetString()), Is.EqualTo(("a", "judge")));
        Assert.That(index.RootElement.GetProperty("rows")[0].TryGetProperty("purpose", out _), Is.False);
    }

    [Test]
    public void WriteAsync_Cancelled_Ends() =>
        Assert.That(async () => await HtmlTraceReport.WriteAsync([Record("a")], new MemoryStream(), cancellationToken: new(canceled: true)), Throws.InstanceOf<OperationCanceledException>());

    [Test]
    public void Page_Sources_NeverTakeTextForMarkupOrCode()
    {
        var folder = Path.Combine(Repository.Root, "src", "LlmKit", "Observability", "Traces", "Page", "Web");
        var scripts = Directory.GetFiles(folder, "*.js");

        Assert.That(scripts, Is.Not.Empty);
        foreach (var script in scripts)
        {
            Assert.That(File.ReadAllText(script), Does.Not.Match(@"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|DOMParser|srcdoc|setTimeout\(|https?://(?!www\.w3\.org/2000/svg)"), script);
            Assert.That(ViewerPage.Script, Does.Contain(File.ReadAllText(script).ReplaceLineEndings("\n")), script);
        }

        Assert.That(ViewerPage.Script + ViewerPage.Style, Does.Not.Contain("</script").And.Not.Contain("</style").And.Not.Contain("<!--"));
    }

    private static TraceRecord Record(string id) => new() { Id = id, TraceId = "t-" + id, Name = "chat small", StartedAt = new(2026, 11, 18, 8, 0, 0, TimeSpan.Zero), Duration = TimeSpan.FromSeconds(1) };

    private static TraceMessage Message(string text) =>
        new(JsonSerializer.SerializeToUtf8Bytes(new { role = "user", parts = new[] { new { type = "text", content = text } } }, Relaxed));

    private static async Task<string> WriteAsync(IEnumerable<TraceRecord> records, HtmlTraceReportOptions? options = null)
    {
        using var stream = new MemoryStream();
        await HtmlTraceReport.WriteAsync(records, stream, options);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static JsonElement Index(string html) => JsonDocument.Parse(Block().Matches(html).Single(block => block.Groups["id"].Value == "index").Groups["json"].Value).RootElement;

    private static string HashOf(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    [GeneratedRegex("<script type=\"application/json\" id=\"(?<id>[^\"]+)\">(?<json>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("http-equiv=\"Content-Security-Policy\" content=\"(?<policy>[^\"]+)\"")]
    private static partial Regex Policy();
}
