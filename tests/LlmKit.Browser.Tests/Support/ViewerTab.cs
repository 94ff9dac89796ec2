using LlmKit.Observability.Traces;
using Microsoft.Playwright;

namespace LlmKit.Browser.Tests.Support;

/// <summary>A tab with the viewer in it, which takes down every request that it makes and everything that it says.</summary>
internal sealed class ViewerTab : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly string? _file;

    private ViewerTab(IBrowserContext context, IPage page, string? file)
    {
        (_context, Page, _file) = (context, page, file);
        page.Request += (_, request) => Requests.Add(request.Url);
        page.Console += (_, message) => Said.Add(message.Text);
        page.PageError += (_, error) => Said.Add(error);
        page.Dialog += (_, dialog) => Said.Add("dialog: " + dialog.Message);
    }

    public IPage Page { get; }

    public List<string> Requests { get; } = [];

    public List<string> Said { get; } = [];

    /// <summary>Opens a report of records from a file, as a person would.</summary>
    public static async Task<ViewerTab> OpenReportAsync(IEnumerable<TraceRecord> records, HtmlTraceReportOptions? options = null, ColorScheme scheme = ColorScheme.Light, bool narrow = false)
    {
        var file = Path.Combine(Path.GetTempPath(), $"llmkit-{Guid.NewGuid():N}.html");
        await using (var stream = File.Create(file))
            await HtmlTraceReport.WriteAsync(records, stream, options);
        var tab = await OpenAsync(scheme, file, narrow);
        await tab.GoAsync("");
        return tab;
    }

    /// <summary>Opens a report that is there; it is deleted with the tab.</summary>
    public static async Task<ViewerTab> OpenFileAsync(string file, ColorScheme scheme)
    {
        var tab = await OpenAsync(scheme, file);
        await tab.GoAsync("");
        return tab;
    }

    /// <summary>Opens the live page.</summary>
    public static async Task<ViewerTab> OpenLiveAsync(string address, bool withClock = false)
    {
        var tab = await OpenAsync(ColorScheme.Light, file: null);
        if (withClock)
            await tab.Page.Clock.InstallAsync();
        await tab.Page.GotoAsync(address);
        await tab.ReadyAsync();
        return tab;
    }

    /// <summary>Opens another page than the viewer.</summary>
    public static async Task<ViewerTab> OpenPageAsync(string address)
    {
        var tab = await OpenAsync(ColorScheme.Light, file: null);
        await tab.Page.GotoAsync(address);
        return tab;
    }

    /// <summary>Goes to a view of the report.</summary>
    public async Task GoAsync(string view)
    {
        await Page.GotoAsync("file://" + _file + view);
        await ReadyAsync(view.Split('/', '?') is [_, var name, ..] && name.Length > 0 ? name : "list");
    }

    public async Task ReadyAsync(string? view = null) => await Page.WaitForFunctionAsync(
        "view => view ? document.documentElement.dataset.ready === view : !!document.documentElement.dataset.ready", view);

    public async Task PressAsync(string keys, string? ready = null)
    {
        foreach (var key in keys.Split(' '))
            await Page.Keyboard.PressAsync(key);
        if (ready is not null)
            await ReadyAsync(ready);
    }

    public Task<int> CountAsync(string selector) => Page.Locator(selector).CountAsync();

    public Task<string> TextAsync(string selector) => Page.Locator(selector).First.InnerTextAsync();

    /// <summary>Keeps a picture among the artifacts.</summary>
    public async Task PictureAsync(string name) =>
        await Page.ScreenshotAsync(new() { Path = Path.Combine(Pictures, name + ".png"), Animations = ScreenshotAnimations.Disabled });

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        if (_file is not null)
            File.Delete(_file);
    }

    private static string Pictures { get; } = Path.Combine(Root(), "artifacts", "screenshots");

    private static async Task<ViewerTab> OpenAsync(ColorScheme scheme, string? file, bool narrow = false)
    {
        var context = await Chromium.Browser.NewContextAsync(new() { ViewportSize = narrow ? new() { Width = 390, Height = 844 } : new() { Width = 1440, Height = 900 }, ColorScheme = scheme, TimezoneId = "UTC", Locale = "en-GB" });
        return new(context, await context.NewPageAsync(), file);
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LlmKit.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("There is no LlmKit.sln above the tests.");
    }
}
