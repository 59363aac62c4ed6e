// Calls with another pointer of the stack in linear memory.

	.globaltype __stack_pointer, i32
	.functype runtime_startg (i32) -> ()
	.functype runtime_nestedSchedule () -> ()

	.section .text.runtime_runGoroutine,"",@
	.globl runtime_runGoroutine
	.type runtime_runGoroutine,@function
runtime_runGoroutine:
	.functype runtime_runGoroutine (i32, i32) -> ()
	.local i32
	global.get __stack_pointer
	local.set 2
	local.get 0
	global.set __stack_pointer
	local.get 1
	call runtime_startg
	local.get 2
	global.set __stack_pointer
	end_function

	.section .text.runtime_runNested,"",@
	.globl runtime_runNested
	.type runtime_runNested,@function
runtime_runNested:
	.functype runtime_runNested (i32) -> ()
	.local i32
	global.get __stack_pointer
	local.set 1
	local.get 0
	global.set __stack_pointer
	call runtime_nestedSchedule
	local.get 1
	global.set __stack_pointer
	end_function
