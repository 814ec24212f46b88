extension Beginning {
  /// One source file, and a makefile whose tests run the plugin in Bespoke.
  var cFiles: [File] {
    [
      File(path: ".gitignore", text: "*.so\n"),
      File(
        path: "Makefile",
        text: """
          # The folder that holds bespoke/plugin.h.
          SDK ?= \(sdk)/CPluginABI/include
          BESPOKE ?= bespoke
          LIBRARY := lib\(typeName).so

          $(LIBRARY): \(name).c
          \t$(CC) -std=c11 -Wall -Wextra -O2 -fPIC -shared -fvisibility=hidden -I $(SDK) -o $@ $<

          .PHONY: test
          test: $(LIBRARY)
          \t$(BESPOKE) plugins run ./$(LIBRARY) --config tests/options.json --brief tests/brief.json --json | grep -F -f tests/expected.txt
          \t$(BESPOKE) plugins validate ./$(LIBRARY)

          """),
      File(path: "tests/options.json", text: "{\"greeting\":\"Hi\"}\n"),
      File(path: "tests/brief.json", text: "{\"profile\":{\"first_name\":\"Ada\"}}\n"),
      File(path: "tests/expected.txt", text: "\"status\":\"ok\",\"slots\":{\"\":\"Hi, Ada!\"}\n"),
      File(path: "\(name).c", text: cSource),
    ]
  }

  /// What to do first with the files.
  var cSteps: [String] { ["make", "make test"] }

  private var cSource: String {
    #"""
    /* Greets the recipient. */
    #include <bespoke/plugin.h>
    #include <stdlib.h>
    #include <string.h>

    typedef struct instance {
      const bespoke_host_v1 *host;
      bespoke_str greeting; /* of the options, until destroy returns */
    } instance;

    static bespoke_str text(const char *literal) {
      bespoke_str text = {literal, strlen(literal)};
      return text;
    }

    static bespoke_status create(void *ctx, const bespoke_create_v1 *with, void **made) {
      const bespoke_host_v1 *host = with->host;
      bespoke_value greeting = host->access->get(with->config, text("greeting"));
      instance *self = malloc(sizeof *self);
      (void)ctx;
      if (!self) return BESPOKE_RESOURCE;
      self->host = host;
      self->greeting = host->access->type(greeting) == BESPOKE_TYPE_STRING ? host->access->str(greeting) : text("Hello");
      *made = self;
      return BESPOKE_OK;
    }

    static void destroy(void *self) { free(self); }

    static bespoke_status greet(const instance *self, bespoke_value brief, bespoke_out *out) {
      const bespoke_access_v1 *access = self->host->access;
      const bespoke_sink_v1 *sink = self->host->sink;
      bespoke_value name = access->get(access->get(brief, text("profile")), text("first_name"));
      if (access->type(name) != BESPOKE_TYPE_STRING) {
        sink->fail(out, BESPOKE_INPUT, text("profile.first_name"), text("is missing or not a string"));
        return BESPOKE_INPUT;
      }
      sink->write(out, text(""), self->greeting);
      sink->append(out, text(""), text(", "));
      sink->append(out, text(""), access->str(name));
      sink->append(out, text(""), text("!"));
      return BESPOKE_OK;
    }

    static bespoke_status process(void *self, const bespoke_request_v1 *requests, bespoke_out *const *outs,
                                  bespoke_status *statuses, uint32_t n) {
      for (uint32_t i = 0; i < n; i++) statuses[i] = greet(self, requests[i].brief, outs[i]);
      return BESPOKE_OK;
    }

    static const void *extension(void *ctx, const char *id) {
      (void)ctx;
      (void)id;
      return NULL;
    }

    static const bespoke_plugin_v1 plugin = {
        .abi_minor = BESPOKE_ABI_MINOR,
        .id = "com.example.\#(name)",
        .version = "1.0.0",
        .describe = "{\"summary\":\"Greets the recipient.\","
                    "\"config\":{\"type\":\"object\",\"additionalProperties\":false,"
                    "\"properties\":{\"greeting\":{\"type\":\"string\",\"minLength\":1}}},"
                    "\"reads\":[\"profile.first_name\"],"
                    "\"writes\":[{\"kind\":\"text\"}]}",
        .create = create,
        .destroy = destroy,
        .process = process,
        .extension = extension,
    };

    /* The one symbol that the plugin exports. */
    BESPOKE_EXPORT const bespoke_plugin_v1 *bespoke_plugin_main_v1(const bespoke_host_v1 *host) {
      return host ? &plugin : NULL;
    }

    """#
  }
}
