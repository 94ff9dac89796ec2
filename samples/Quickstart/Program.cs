using LlmKit;
using LlmKit.Control.Budgets.Ledger;
using LlmKit.Observability.Traces;
using LlmKit.Simulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Quickstart;
using Spectre.Console;

if (RunSettings.Parse(args) is not { } settings)
{
    await Console.Error.WriteLineAsync(RunSettings.Usage);
    return 2;
}

var console = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(settings.Json ? Console.Error : Console.Out) });
if (Console.IsOutputRedirected)
    (console.Profile.Width, console.Profile.Capabilities.Ansi) = (180, false);
var workload = Workload.Load();
var requests = workload.Requests.Take(settings.Requests).ToList();
var orders = OrderBook.Load();
var tools = OrderTools.From(orders);
var judge = new AnswerJudge(new(DeskHandbook.Load(), orders));
var leaks = new LeakCheck(workload, orders);
var real = Providers.FromEnvironment(settings.Endpoint);
WriteHead();

var bare = real is null ? await RunBareAsync() : null;
var (pipeline, served, spending, traces) = await RunPipelineAsync();
var result = new RunResult(pipeline, bare, requests.Count(request => request.Kind == RequestKind.Repeat) / (double)requests.Count, spending);
if (settings.Json)
    Console.WriteLine(JsonReport.Of(result));
else
    TableReport.Write(console, result, served);
if (settings.ReportFolder is { } folder)
    await WriteReportAsync(folder);
foreach (var promise in result.BrokenPromises())
    await Console.Error.WriteLineAsync($"Promise broken: {promise}.");
return result.BrokenPromises().Count == 0 ? 0 : 1;

void WriteHead()
{
    console.MarkupLine($"[bold]LlmKit Quickstart[/]: {requests.Count} requests of a support desk, {(real is null ? $"on simulated providers, seed {settings.Seed}" : "on real providers, which are paid for")}.");
    foreach (var model in new[] { Providers.SmallModel, Providers.StrongModel, Providers.EmbeddingModel })
        console.MarkupLine($"  [grey]{model}: {Providers.PriceOf(model).InputPerMillion:0.##} / {Providers.PriceOf(model).OutputPerMillion:0.##} USD per million tokens[/]");
    if (real is null)
        console.MarkupLine($"  [grey]Faults: {DeskSimulator.FaultsInWords}.[/]");
}

async Task<SideReport> RunBareAsync()
{
    await using var simulator = await DeskSimulator.StartAsync(settings.Seed);
    using var run = new BareRun(DeskSimulator.Address(simulator));
    var answers = await ReplayAsync("bare SDKs", new DeskClient(run.ClientFor, tools, TimeSpan.FromSeconds(10)));
    await simulator.WhenIdleAsync();
    return Report("bare SDKs", answers, simulator);
}

async Task<(PipelineReport, IReadOnlyList<Served>, SpendingReport, IReadOnlyList<TraceRecord>)> RunPipelineAsync()
{
    await using var simulator = real is null ? await DeskSimulator.StartAsync(settings.Seed) : null;
    await using var services = PipelineRun.Build(real ?? DeskSimulator.Address(simulator!));
    var chat = services.GetRequiredService<IChatClient>();
    var started = DateTimeOffset.UtcNow;
    var answers = await ReplayAsync("LlmKit", new DeskClient(_ => chat, tools, TimeSpan.FromSeconds(60)));
    if (simulator is not null)
        await simulator.WhenIdleAsync();
    var side = Report("LlmKit", answers, simulator);
    var report = await PipelineReport.OfAsync(side, answers, services.GetRequiredService<IBudgetLedger>(), started);
    var traces = settings.ReportFolder is null ? [] : await AllAsync(services.GetRequiredService<LlmTraces>());
    return (report, answers, await services.GetRequiredService<LlmSpending>().ReportAsync(), traces);
}

async Task<IReadOnlyList<TraceRecord>> AllAsync(LlmTraces source)
{
    var found = new List<TraceRecord>();
    var query = new TraceQuery { WithChildren = true, Limit = TraceQuery.MostPerPage };
    for (var page = await source.ListAsync(query); ; page = await source.ListAsync(query with { After = page.Next }))
    {
        foreach (var trace in page.Traces)
            found.Add((await source.GetAsync(trace.Id))!);
        if (page.Next is null)
            return found;
    }
}

async Task WriteReportAsync(string folder)
{
    Directory.CreateDirectory(folder);
    var (page, csv, traced) = (Path.GetFullPath(Path.Combine(folder, "spending.html")), Path.GetFullPath(Path.Combine(folder, "spending.csv")), Path.GetFullPath(Path.Combine(folder, "traces.html")));
    await File.WriteAllTextAsync(page, spending.ToHtml());
    await File.WriteAllTextAsync(csv, spending.ToCsv());
    await using var file = File.Create(traced);
    await HtmlTraceReport.WriteAsync(traces, file);
    console.MarkupLineInterpolated($"\nThe spending report: {page} and {csv}\nThe traces: {traced}");
}

SideReport Report(string side, IReadOnlyList<Served> answers, ProviderSimulator? simulator)
{
    // The answers of real models are not in the handbook, so nothing is said of right and wrong there.
    var verdicts = answers.Select(one => real is null ? judge.Judge(one.Answer) : one.Answer.End == AnswerEnd.Failed ? Verdict.Failed : Verdict.Right).ToList();
    var bad = answers.Zip(verdicts, (one, verdict) => (one.Answer.Request, Verdict: verdict)).Where(pair => pair.Verdict != Verdict.Right && !AnswerJudge.IsGood(pair.Request, pair.Verdict));
    foreach (var kind in bad.GroupBy(pair => pair.Verdict, pair => pair.Request.Id))
        console.MarkupLine($"  [grey]{side}: {kind.Key}: requests {string.Join(", ", kind)}[/]");
    return SideReport.Of(answers, verdicts, leaks, simulator?.Received.Select(received => received.Body) ?? [], simulator is null ? null : DeskSimulator.Bill(simulator));
}

async Task<IReadOnlyList<Served>> ReplayAsync(string side, DeskClient desk)
{
    if (settings.Json || Console.IsOutputRedirected)
        return await Replay.RunAsync(requests, desk, () => { });
    return await console.Progress().StartAsync(async progress =>
    {
        var bar = progress.AddTask(side, maxValue: requests.Count);
        return await Replay.RunAsync(requests, desk, () => bar.Increment(1));
    });
}
