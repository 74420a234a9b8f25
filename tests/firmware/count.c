/* QEMU plugin: how many instructions the emulated chip executed, exactly. As text:
 *
 *   mark <total so far> <function>      each time a function lampyris_mark… is called
 *   symbol <instructions> <function>    at the end, in all
 *
 * A total leaves out the call's own instructions from the mark on, so that the
 * difference of two is what lies between them. Debian has no header of the plugin
 * interface; these declarations are of its version 1 (QEMU 7.2, docs/devel/tcg-plugins).
 *
 *   cc -O2 -shared -fPIC -o count.so count.c */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum add { ADD_U64 = 0 };
enum registers { NO_REGISTERS = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const char *qemu_plugin_insn_symbol(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *),
                                            enum registers, void *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, enum add, void *, uint64_t);
void qemu_plugin_outs(const char *);

#define PUBLIC __attribute__((visibility("default")))
PUBLIC int qemu_plugin_version = 1;

static const char MARK[] = "lampyris_mark";

/* The emulator adds to `count` where it runs, so a symbol stays where it is. `entry` is the
 * address of what was translated first: of a function that is called, its beginning. */
struct symbol {
    struct symbol *next;
    uint64_t count;
    uint64_t entry;
    char name[];
};
static struct symbol *symbols;

static struct symbol *symbol_of(const struct qemu_plugin_insn *insn) {
    const char *name = qemu_plugin_insn_symbol(insn);
    struct symbol *s;
    if (!name || !*name) name = "?";
    for (s = symbols; s; s = s->next)
        if (strcmp(s->name, name) == 0) return s;
    s = malloc(sizeof *s + strlen(name) + 1);
    if (!s) abort();
    s->count = 0;
    s->entry = qemu_plugin_insn_vaddr(insn);
    strcpy(s->name, name);
    s->next = symbols;
    return symbols = s;
}

static int is_mark(const struct symbol *s) { return strncmp(s->name, MARK, sizeof MARK - 1) == 0; }

static void say(const char *what, uint64_t count, const char *name) {
    char line[64];
    snprintf(line, sizeof line, "%s %" PRIu64 " ", what, count);
    qemu_plugin_outs(line);
    qemu_plugin_outs(name);
    qemu_plugin_outs("\n");
}

/* All that were executed, but for the marks' own. */
static void mark(unsigned cpu, void *symbol) {
    uint64_t total = 0;
    (void)cpu;
    for (const struct symbol *s = symbols; s; s = s->next)
        if (!is_mark(s)) total += s->count;
    say("mark", total, ((const struct symbol *)symbol)->name);
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb) {
    (void)id;
    for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
        struct symbol *s = symbol_of(insn);
        /* Not the first of a block: where a mark crosses a page, it is of two blocks. */
        if (is_mark(s) && qemu_plugin_insn_vaddr(insn) == s->entry)
            qemu_plugin_register_vcpu_insn_exec_cb(insn, mark, NO_REGISTERS, s);
        qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD_U64, &s->count, 1);
    }
}

static void ended(plugin_id id, void *unused) {
    (void)id, (void)unused;
    for (const struct symbol *s = symbols; s; s = s->next) say("symbol", s->count, s->name);
}

PUBLIC int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv) {
    (void)info, (void)argc, (void)argv;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
