/* QEMU plugin: which share of the executed instructions loads, stores, multiplies or follows
 * a jump, for docs/latency.md. At the end it says shares of all instructions; `registers` are
 * those that instructions of several move, for each instruction of any kind.
 *
 *   cc -O2 -shared -fPIC -o mix.so mix.c
 *   qemu-system-arm … -plugin mix.so -d plugin -D mix.log -kernel IMAGE
 *
 * The declarations are of the plugin interface's version 1, as in count.c. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum registers { NO_REGISTERS = 0 };

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *);
char *qemu_plugin_insn_disas(const struct qemu_plugin_insn *);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, void (*)(unsigned, void *),
                                            enum registers, void *);
void qemu_plugin_outs(const char *);

#define PUBLIC __attribute__((visibility("default")))
PUBLIC int qemu_plugin_version = 1;

/* What instructions begin with; the first that fits counts. */
enum kind { SEVERAL, LOAD, STORE, MULTIPLY, DIVIDE, CALL, OTHER, KINDS };
static const char *const KIND[KINDS] = {"several",  "loads", "stores", "multiplications",
                                        "divisions", "calls", "others"};
static const struct {
    const char *begin;
    enum kind kind;
} NAMES[] = {
    {"ldm", SEVERAL},   {"stm", SEVERAL},   {"push", SEVERAL},  {"pop", SEVERAL},
    {"ldrd", SEVERAL},  {"strd", SEVERAL},  {"vpush", SEVERAL}, {"vpop", SEVERAL},
    {"vldm", SEVERAL},  {"vstm", SEVERAL},  {"ldr", LOAD},      {"vldr", LOAD},
    {"lb", LOAD},       {"lh", LOAD},       {"lw", LOAD},       {"str", STORE},
    {"vstr", STORE},    {"sb ", STORE},     {"sh ", STORE},     {"sw", STORE},
    {"mul", MULTIPLY},  {"mla", MULTIPLY},  {"smul", MULTIPLY}, {"umul", MULTIPLY},
    {"smla", MULTIPLY}, {"umla", MULTIPLY}, {"sdiv", DIVIDE},   {"udiv", DIVIDE},
    {"vdiv", DIVIDE},   {"vsqrt", DIVIDE},  {"div", DIVIDE},    {"rem", DIVIDE},
    {"bl ", CALL},      {"blx", CALL},
};

struct place {
    uint64_t at, next;
    enum kind kind;
    unsigned registers;
};
static uint64_t all, counts[KINDS], registers, jumps, expected;

static void executed(unsigned cpu, void *data) {
    const struct place *p = data;
    (void)cpu;
    all++;
    counts[p->kind]++;
    registers += p->registers;
    jumps += expected && p->at != expected;
    expected = p->next;
}

/* The instruction's name: RISC-V's stands behind its bytes. */
static const char *name_of(const char *text) {
    size_t hex;
    text += strspn(text, " ");
    hex = strspn(text, "0123456789abcdef");
    if (hex >= 4 && text[hex] == ' ') text += hex + strspn(text + hex, " ");
    return text;
}

static void translated(plugin_id id, struct qemu_plugin_tb *block) {
    size_t i, n, count = qemu_plugin_tb_n_insns(block);
    (void)id;
    for (i = 0; i < count; i++) {
        struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(block, i);
        char *text = qemu_plugin_insn_disas(insn);
        const char *name = name_of(text), *list = strchr(name, '{');
        struct place *p = malloc(sizeof *p);
        if (!p) abort();
        p->at = qemu_plugin_insn_vaddr(insn);
        p->next = p->at + qemu_plugin_insn_size(insn);
        p->kind = OTHER;
        for (n = 0; n < sizeof NAMES / sizeof *NAMES; n++)
            if (strncmp(name, NAMES[n].begin, strlen(NAMES[n].begin)) == 0) {
                p->kind = NAMES[n].kind;
                break;
            }
        p->registers = 0;
        if (p->kind == SEVERAL) {
            p->registers = list ? 1 : 2;
            for (; list && *list; list++) p->registers += *list == ',';
        }
        free(text);
        qemu_plugin_register_vcpu_insn_exec_cb(insn, executed, NO_REGISTERS, p);
    }
}

static void ended(plugin_id id, void *data) {
    char line[80];
    int i;
    (void)id;
    (void)data;
    snprintf(line, sizeof line, "instructions %" PRIu64 "\n", all);
    qemu_plugin_outs(line);
    for (i = 0; i < KINDS; i++) {
        snprintf(line, sizeof line, "%s %.4f\n", KIND[i], (double)counts[i] / (double)all);
        qemu_plugin_outs(line);
    }
    snprintf(line, sizeof line, "registers %.4f\njumps %.4f\n", (double)registers / (double)all,
             (double)jumps / (double)all);
    qemu_plugin_outs(line);
}

PUBLIC int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv) {
    (void)info;
    (void)argc;
    (void)argv;
    qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
    qemu_plugin_register_atexit_cb(id, ended, NULL);
    return 0;
}
