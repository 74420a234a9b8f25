// The file to be replayed, in flash.
.section .rodata.stub_file, "a"
.balign 4
.global stub_file
.global stub_file_end
stub_file:
.incbin STUB_FILE
stub_file_end:
