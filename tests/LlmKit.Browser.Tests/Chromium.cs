using Microsoft.Playwright;
using NUnit.Framework;

namespace LlmKit.Browser.Tests;

/// <summary>The system's Chromium, started once for all tests.</summary>
[SetUpFixture]
public sealed class Chromium
{
    private static readonly string[] Places =
        ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe"];

    private static IPlaywright? playwright;

    public static IBrowser Browser { get; private set; } = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        var set = Environment.GetEnvironmentVariable("LLMKIT_BROWSER");
        var path = string.IsNullOrEmpty(set) ? Places.FirstOrDefault(File.Exists) : set;
        if (path is null)
        {
            const string remedy = "No Chromium was found. Install it (apt-get install chromium), or set LLMKIT_BROWSER to the path of one.";
            if (Environment.GetEnvironmentVariable("CI") == "true")
                throw new InvalidOperationException(remedy);
            Assert.Ignore(remedy);
        }

        playwright = await Playwright.CreateAsync();
        Browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (playwright is null)
            return;
        await Browser.DisposeAsync();
        playwright.Dispose();
    }
}
