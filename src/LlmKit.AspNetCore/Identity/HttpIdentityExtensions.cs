using LlmKit.AspNetCore;
using LlmKit.AspNetCore.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LlmKit;

/// <summary>Takes the tenant and the user of calls from the HTTP request that they are made for.</summary>
public static class HttpIdentityExtensions
{
    /// <summary>Says where tenant and user of a request come from; <see cref="UseLlmHttpIdentity"/> puts them to use.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Changes the settings; claims of the authenticated user when <see langword="null"/>.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddLlmHttpIdentity(this IServiceCollection services, Action<LlmHttpIdentityOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<LlmHttpIdentityOptions>()
            .Validate(static o => o.MaxIdempotencyKeyLength >= 1, "The idempotency key may have no character. Set LlmHttpIdentityOptions.MaxIdempotencyKeyLength to 1 or more, such as 255.")
            .ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        return services;
    }

    /// <summary>Opens an <see cref="LlmScope"/> for every request, and answers a malformed idempotency key with status 400.</summary>
    /// <remarks>
    /// Place it after <c>UseAuthentication</c> and before the endpoints. Requests without a tenant or a user pass: rules for each of them
    /// refuse such calls themselves (<see cref="MissingIdentityException"/>). What a call's own options say wins over the request.
    /// </remarks>
    /// <param name="app">The application.</param>
    /// <returns>The application.</returns>
    public static IApplicationBuilder UseLlmHttpIdentity(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.UseMiddleware<HttpIdentityMiddleware>();
    }
}
