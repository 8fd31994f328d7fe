Attribute VB_Name = "OkrHost"
Option Explicit

' The one door from VBA to Python, the same in Excel and in LibreOffice.
' What people read here stands in the workbook's hidden names okr_text_..., in the workbook's language.

Public Sub CallPython(ByVal command As String)
    On Error GoTo Unexpected
    If Not CanCallPython() Then Exit Sub
    If IsLibreOffice() Then
        RunInLibreOffice command
    Else
        RunInExcel command
    End If
    Exit Sub
Unexpected:
    Tell "unexpected", Err.Description
End Sub

Private Function CanCallPython() As Boolean
    If ThisWorkbook.Path = "" Then
        Tell "save_first"
    ElseIf HasAny(ThisWorkbook.Name, "=|""") Then
        Tell "rename_first"
    Else
        CanCallPython = True
    End If
End Function

' RunPython comes with the xlwings add-in. Called by its name, so that this project compiles without the add-in.
' It waits for Python on Windows and then gives -1 where Python did not run; on macOS it does not wait.
Private Sub RunInExcel(ByVal command As String)
    Dim outcome As Variant
    On Error GoTo NoAddIn
    outcome = Application.Run("RunPython", command)
    On Error GoTo 0
    If outcome = -1 Then Tell "python_failed"
    Exit Sub
NoAddIn:
    Tell "no_addin"
End Sub

' "okr setup" notes the Python to start, and has LibreOffice listen for its answer.
Private Sub RunInLibreOffice(ByVal command As String)
    Dim interpreter As String
    interpreter = InterpreterOfSetup()
    If interpreter = "" Then
        Tell "no_setup"
    Else
        Shell Quoted(interpreter) & " -m okr_workbook.excel.libreoffice_run " & Quoted(command) & " " & _
            Quoted("--wb=" & ThisWorkbook.Path & "/" & ThisWorkbook.Name) & " --from_xl=1", 0
    End If
End Sub

Private Function InterpreterOfSetup() As String
    Dim note As String, line As String
    note = HomeFolder() & "/.okr_workbook/interpreter.txt"
    If Dir(note) = "" Then Exit Function
    Open note For Input As #1
    Line Input #1, line
    Close #1
    InterpreterOfSetup = line
End Function

Private Function HomeFolder() As String
    HomeFolder = Environ("HOME")
    If HomeFolder = "" Then HomeFolder = Environ("USERPROFILE")
End Function

' LibreOffice says that it is version 11; the oldest Excel that reads this kind of workbook is version 12.
Private Function IsLibreOffice() As Boolean
    IsLibreOffice = Val(Application.Version) < 12
End Function

Private Sub Tell(ByVal key As String, Optional ByVal detail As String = "")
    Dim message As String
    message = Words(key) & vbCrLf & vbCrLf & Words(key & "_advice")
    If detail <> "" Then message = message & vbCrLf & vbCrLf & detail
    MsgBox message, vbExclamation, Words("title")
End Sub

' A hidden name holds its words as a formula: ="...", quotes doubled.
Private Function Words(ByVal key As String) As String
    Dim formula As String
    formula = ThisWorkbook.Names("okr_text_" & key).RefersTo
    Words = Replace(Mid(formula, 3, Len(formula) - 3), """""", """")
End Function

Private Function Quoted(ByVal text As String) As String
    Quoted = """" & text & """"
End Function

Private Function HasAny(ByVal text As String, ByVal characters As String) As Boolean
    Dim place As Integer
    For place = 1 To Len(characters)
        If InStr(text, Mid(characters, place, 1)) > 0 Then HasAny = True
    Next place
End Function
