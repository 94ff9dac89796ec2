using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace DeskService;

/// <summary>The chat page. It loads nothing from elsewhere.</summary>
internal static class ChatPage
{
    private const string Policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(WebApplication app)
    {
        Map(app, "/", "chat.html", "text/html");
        Map(app, "/chat.css", "chat.css", "text/css");
        Map(app, "/chat.js", "chat.js", "text/javascript");
    }

    /// <summary>Reads a file that is built into the program.</summary>
    public static string Read(string file)
    {
        using var stream = typeof(ChatPage).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"The file '{file}' is not built in. Add it to SupportDesk.csproj.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Map(WebApplication app, string path, string file, string type)
    {
        var text = Read(file);
        app.MapGet(path, (HttpResponse response) =>
        {
            response.Headers.ContentSecurityPolicy = Policy;
            return Results.Text(text, type);
        });
    }
}
