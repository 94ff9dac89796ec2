using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace DeskService;

/// <summary>Signs in whoever is picked from a list, without a password: for development only, in place of a real sign-in.</summary>
internal static class DeskLogin
{
    private static readonly Person[] People =
    [
        new("ada", "Ada", "acme", "Acme"),
        new("bo", "Bo", "acme", "Acme"),
        new("cleo", "Cleo", "dune", "Dune, with little money"),
        new("dan", "Dan", "dune", "Dune, with little money"),
    ];

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "desk";
        options.Cookie.SameSite = SameSiteMode.Strict;
        // The page asks by script: it needs the status and no page to sign in on.
        options.Events.OnRedirectToLogin = context => Refuse(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => Refuse(context, StatusCodes.Status403Forbidden);
    }

    public static void Map(WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
            return;
        app.MapGet("/people", (ClaimsPrincipal user) => new { people = People, me = user.FindFirstValue(ClaimTypes.NameIdentifier) });
        app.MapPost("/login/{id}", (string id) => Array.Find(People, person => person.Id == id) is { } person
            ? Results.SignIn(person.ToPrincipal(), authenticationScheme: CookieAuthenticationDefaults.AuthenticationScheme)
            : Results.NotFound());
    }

    private static Task Refuse(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private sealed record Person(string Id, string Name, string Tenant, string Shop)
    {
        public ClaimsPrincipal ToPrincipal() => new(new ClaimsIdentity(
            [new(ClaimTypes.NameIdentifier, Id), new(ClaimTypes.Name, Name), new("tenant", Tenant), new("shop", Shop.Split(',')[0])],
            CookieAuthenticationDefaults.AuthenticationScheme));
    }
}
